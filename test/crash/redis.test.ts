/** Killed at every step, on Redis: nothing acknowledged is lost, no callback doubled. */
import { describeWith } from "../support/engines.ts";
import { crashSuite } from "./suite.ts";

describeWith("redis")("on a server that lives", () => crashSuite("redis"));
