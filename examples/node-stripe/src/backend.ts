/** Where records live: in the file answerback.db, or in the one that DATABASE_FILE names. */
import { sqlite } from "@answerback/sqlite";

export const backend = sqlite(process.env["DATABASE_FILE"] ?? "answerback.db");
