/** zod, which the published package has inside. Its declarations mean the reader's zod; where there is none, `any`. */

/** @ts-ignore a check of libraries would not find it */
import * as z from "zod";

export { z };
