/** A receiver on Redis whose server is far away, breaks off, or says nothing. */
import { wireSuite } from "./wire-suite.ts";

wireSuite("redis");
