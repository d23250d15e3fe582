/** What the environment says, and what is done with a message. */
import type { Settings } from "./receiver.ts";

export const settings: Settings = {
  topicArn: process.env["TOPIC_ARN"],
  read: (message) => console.log(`A message of ${message.length} letters`),
};
