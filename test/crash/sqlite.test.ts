/** Killed at every step, on SQLite: nothing acknowledged is lost, no callback doubled. */
import { commandSuite } from "./commands.ts";
import { crashSuite } from "./suite.ts";

crashSuite("sqlite");
commandSuite("sqlite");
