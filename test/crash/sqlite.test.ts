/** Killed at every step, on SQLite: nothing acknowledged is lost, no callback doubled. */
import { crashSuite } from "./suite.ts";

crashSuite("sqlite");
