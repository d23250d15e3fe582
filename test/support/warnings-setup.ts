/** Runs in front of every suite. */
import { failOnWarnings } from "./warnings.ts";

failOnWarnings();
