/** Acme as a sender, for tests: the same documentation, read from the other side. */
import { createHmac } from "node:crypto";
import { simulate } from "@answerback/simulator";

export const secret = "0b6f4a3c9d1e4f7fa2c58e7d6b901234";

export const acme = simulate({
  name: "acme",
  patience: "5s",
  retries: ["1m", "10m", "1h", "6h"],
  taken: ({ status }) => status === 200 || status === 202,
  sign({ body }, { at }) {
    const timestamp = String(Math.floor(at / 1_000));
    const digest = createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest("hex");
    return { "X-Acme-Timestamp": timestamp, "X-Acme-Signature": `v1=${digest}` };
  },
  callback: {
    urlOf: ({ body }) => JSON.parse(String(body)).answer_to,
    inline: ({ status, body }) => (status === 200 && body ? JSON.parse(body) : undefined),
    expires: "1h",
    acknowledgedFirst: true,
    judge: ({ body }) =>
      "accept" in JSON.parse(body) ? { status: 200 } : { status: 422, refused: "no decision" },
  },
  tolerance: "5m",
  answer: { accept: true },
  example: (n) => order(n),
});

/** The `n`th order. */
export function order(n = 1) {
  const id = `evt_${n}`;
  const data = { number: `A-${n}`, total: 100 * n };
  const json = { id, event: "order.placed", data, answer_to: `https://api.acme.example/answers/${id}` };
  return { event: "order.placed", id, json, mount: "/hooks" };
}
