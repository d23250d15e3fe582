/** The recipes of the README, pasted and run: a delivery that is handled, one that is refused, one whose event is given up. */
import { expect, it } from "vitest";
import { sample } from "../support/deliveries.ts";
import { output, paste } from "../docs/snippets.ts";

const { body } = sample("upsales/order-insert");

/** What the recipe and these lines print; `deliver` sends a body to it, `say` prints. */
async function run(recipe: string, lines: string): Promise<string> {
  const { folder } = paste("packages/opentelemetry/README.md");
  const program = `
    import * as recipe from "./${recipe}";
    const say = (text) => process.stdout.write(text);
    const deliver = (text) => recipe.receiver.receive({
      method: "POST", path: "/orderinsert/1", query: "", secure: true, headers: { "content-type": ["application/json"] },
      body: async () => ({ kind: "bytes", bytes: Buffer.from(text) }),
    });
    const body = ${JSON.stringify(body)};
    await deliver(body);
    await deliver("{");
    ${lines}
    await recipe.receiver.close();
  `;
  const args = [
    "--conditions=source",
    "--disable-warning=memory_forgets",
    "--input-type=module",
    "-e",
    program,
  ];
  const { code, text } = await output(process.execPath, args, { cwd: folder });
  expect([code, text]).toEqual([0, expect.any(String)]);
  return text;
}

it("pino: each observation is a line of its level, with the event's names, and each error is one", async () => {
  const lines = (await run("pino.ts", "")).split("\n").filter((line) => line.startsWith("{"));
  const said = lines.map((line) => JSON.parse(line));
  expect(said).toMatchObject([
    { level: 30, msg: "run handled", name: "order.insert", receiver: "upsales", kind: "run", id: "1" },
    { level: 30, msg: "delivery handled", status: 200, id: "1" },
    { level: 50, msg: "body: malformed", err: { type: "AnswerbackError" }, status: 400 },
    { level: 40, msg: "delivery refused", status: 400, code: "malformed" },
  ]);
});

it("prom-client: what ended is counted and timed, and the records are measured when somebody asks", async () => {
  const text = await run("prometheus.ts", "say(await recipe.registry.metrics());");
  for (const line of [
    'answerback_ended_total{receiver="upsales",kind="delivery",outcome="handled",code=""} 1',
    'answerback_ended_total{receiver="upsales",kind="delivery",outcome="refused",code="malformed"} 1',
    'answerback_seconds_count{receiver="upsales",kind="delivery"} 2',
    'answerback_seconds_count{receiver="upsales",kind="run"} 1',
    'answerback_records{receiver="upsales",state="settled"} 1',
    'answerback_records{receiver="upsales",state="dead"} 0',
  ])
    expect(text).toContain(line);
});
