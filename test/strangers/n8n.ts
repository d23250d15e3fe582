/** A workflow tool such as n8n, run by each customer: a workflow hands a task over, waits, and goes on at its `resumeUrl`. */
import { headerSecret } from "@answerback/core";
import { defineProvider, emptyReply, id, jsonReply, textId, toJson } from "@answerback/core/provider";
import { z } from "zod";

const task = z.looseObject({
  executionId: id,
  task: textId,
  input: z.unknown(),
  // what nothing can be posted to is refused now: once acknowledged, the task would be done for nobody
  resumeUrl: z.url({ protocol: /^https$/ }),
});

/** The tool as a provider, with the secret that its workflows send in `x-workflow-secret`. */
export const n8n = (secret: string | undefined) =>
  defineProvider({
    name: "n8n",
    accepts: ["json"],
    authenticator: headerSecret("x-workflow-secret", secret),
    events: { task: { data: task, answer: z.looseObject({}) } },
    secrets: ["resumeUrl"],
    patience: "60s",
    // "Retry On Fail" is at most five tries, five seconds apart
    retryWindow: "10m",
    // what has failed for good fails the node, or else the workflow would wait for its answer
    statuses: { accepted: 202, permanent: 422 },
    // what the Wait node takes is never in the reply; each customer has a host and a port of its own
    callback: { inlineSpends: false, retryFor: "24h", maxBytes: 16 * 1024 ** 2, hosts: "any", ports: "any" },
    decode({ body }) {
      const { executionId, task: name, resumeUrl } = task.parse(body);
      return { type: "task", data: body, key: [resumeUrl, executionId, name], callbackUrl: resumeUrl };
    },
    encode(answer, { callbackUrl: url, accepted }) {
      if (accepted) return { reply: answer === undefined ? emptyReply(202) : jsonReply(answer, 202) };
      if (answer === undefined || !url) return { reply: emptyReply() };
      return { reply: emptyReply(), post: asJson(url, answer) };
    },
    // the workflow must not wait for ever
    whenDead: ({ callbackUrl: url }, { code }) =>
      url === undefined ? undefined : asJson(url, { error: code }),
    // the Wait node is not reached yet: the same 409 says that it was left long ago, in other words
    judge({ status, body }) {
      return status === 409 && body.includes("is running already") ? { againMs: 2_000 } : undefined;
    },
  });

function asJson(url: string, value: unknown) {
  return { url, body: toJson(value), headers: { "content-type": "application/json" } };
}
