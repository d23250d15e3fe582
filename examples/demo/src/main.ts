/** The process: plays all scenes, and fails if anything goes otherwise than expected. */
import { demo } from "./demo.ts";
import { scenes } from "./scenes.ts";

process.exitCode = (await demo(scenes, console.log)) ? 0 : 1;
