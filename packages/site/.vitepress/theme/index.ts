/** VitePress's own theme with the reader's fonts and a few colours. */
import theme from "vitepress/theme-without-fonts";
import "./style.css";

export default theme;
