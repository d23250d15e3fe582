/** Fills an SQLite file with callbacks that are due. */
import { sqlite } from "@answerback/sqlite";
import { tell } from "../child.ts";
import { leavePosts, numbersFrom } from "./waiting.ts";

const [file, count] = [process.argv[2]!, Number(process.argv[3])];
await leavePosts({ backend: sqlite(file) }, numbersFrom(1, count));
tell(count);
