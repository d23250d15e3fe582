/** Killed at every step, on Postgres: nothing acknowledged is lost, no callback doubled, no row written twice. */
import { describeWith } from "../support/engines.ts";
import { commandSuite } from "./commands.ts";
import { crashSuite } from "./suite.ts";

describeWith("postgres")("on a server that lives", () => {
  crashSuite("postgres");
  commandSuite("postgres");
});
