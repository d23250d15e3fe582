/** Where records live: in the Postgres of this machine, or in the database that POSTGRES_URL names. */
import { postgres } from "@answerback/postgres";

export const backend = postgres(process.env["POSTGRES_URL"] ?? "postgres://postgres@127.0.0.1:5432/postgres");
