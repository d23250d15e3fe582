/** Where records live: in this process, which forgets them when it ends. A durable one belongs here before that does harm. */
import { memory } from "@answerback/core";

export const backend = memory();
