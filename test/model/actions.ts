/** What happens from outside: deliveries and their replies, people, and time. */
import { isAnswerbackError, type Delivery, type Reply } from "@answerback/core";
import { eventKey } from "../../packages/core/src/receiver/record/keys.ts";
import type { Action, ReplyFate } from "./plan.ts";
import { turn, type Process } from "./process.ts";
import { types, type Known, type World } from "./world.ts";

/** Plays all of the plan's actions in their order, each in its turn. */
export async function play(world: World): Promise<void> {
  for (const action of world.plan.actions) {
    do await world.scheduler.schedule(Promise.resolve(), JSON.stringify(action));
    while (action.kind === "wait" && world.plan.prompt && world.isTravelling && world.scheduler.count() > 0);
    perform(world, action);
  }
}

function perform(world: World, action: Action): void {
  if (action.kind === "wait") return pass(world, action.ms);
  if (action.kind === "crash") return world.crash(action.at);
  if (action.kind === "restart") return world.restart(action.at);
  const process = world.at(action.at);
  if (!process.alive) return;
  const type = types["event" in action ? action.event : 0] ?? types[0];
  if (action.kind === "close") process.closed ??= process.receiver.close();
  else if (action.kind === "deliver") void deliver(world, process, { type, fate: action.reply });
  else void ask(world, process, { kind: action.kind, type });
}

function pass(world: World, ms: number): void {
  if (world.plan.prompt) world.step(ms);
  else world.clock.jumpTo(world.clock.now() + ms);
}

/** A person's wish; that it cannot be met is no failure. */
async function ask(
  world: World,
  process: Process,
  { kind, type }: { kind: "answer" | "retry"; type: string },
): Promise<void> {
  const known = world.event(type);
  const { key } = known;
  if (!key) return;
  const { receiver } = process;
  known.retried ||= kind === "retry";
  const asking =
    kind === "answer"
      ? receiver.answer(key, { callback: { message: "at last" } })
      : receiver.deadLetters.retry(key);
  await asking.catch((error: unknown) => {
    if (!isAnswerbackError(error)) world.violations.push(`${kind} failed with ${String(error)}`);
  });
}

/** Delivers the event, and has its reply travel back. Resolves to what the provider got. */
export async function deliver(
  world: World,
  process: Process,
  { type, fate }: { type: string; fate: ReplyFate },
): Promise<Reply | undefined> {
  const known = world.event(type);
  const sentAt = world.clock.now();
  const wasAcknowledged = known.acknowledged;
  const reply = await process.receiver.receive(deliveryOf(known, type, sentAt));
  if (!reply || !process.alive) return undefined;
  checkReply(world, { known, type, wasAcknowledged }, reply);
  return world.underWay(process, () => travel(world, process, { type, fate, reply }));
}

/** A reply on its way: until the provider has it or has hung up, and the adapter has said so. */
async function travel(
  world: World,
  process: Process,
  { type, fate, reply }: { type: string; fate: ReplyFate; reply: Reply },
): Promise<Reply | undefined> {
  const known = world.event(type);
  const repliedAt = world.clock.now();
  await turn(world, process, `the reply ${reply.status} to ${type} travels`);
  const now = world.clock.now();
  const isDestroyed = reply.finishWithinMs !== undefined && now >= repliedAt + reply.finishWithinMs;
  const arrived = !isDestroyed && fate !== "not" && fate !== "perhaps, and is lost";
  if (arrived) arrive(world, known, reply);
  await turn(world, process, `the reply to ${type} was sent: ${fate}`);
  const said = fate === "not" ? "not" : fate === "fully" && arrived ? "fully" : "perhaps";
  if (hasCallback(reply.body) && said === "fully") world.callbacks.at(known.url).told = true;
  reply.sent?.(said);
  return arrived ? reply : undefined;
}

function arrive(world: World, known: Known, { status, body }: Reply): void {
  if (status === 200) known.acknowledged = true;
  if (hasCallback(body)) world.callbacks.inline(known.url);
}

function checkReply(
  world: World,
  { known, type, wasAcknowledged }: { known: Known; type: string; wasAcknowledged: boolean },
  { status, body }: Reply,
): void {
  const row = world.model.rows.get(known.key ?? keyOf(known.url));
  known.key ??= keyOf(known.url);
  const violated = (what: string) => void world.violations.push(`${type}: ${what}`);
  if (status === 200 && row?.answer == null) violated("2xx for what is not stored");
  if (hasCallback(body) && (world.callbacks.at(known.url).inline += 1) > 1)
    violated("two replies with a callback");
  if (status === 503 && world.plan.calm && world.plan.processes === 1)
    violated("503 in the process that has it");
  if (![200, 400, 500, 503].includes(status)) violated(`status ${status}`);
  if (wasAcknowledged && !row?.takenOver && status !== 200 && status !== 503)
    violated(`${status} after it was acknowledged`);
}

/** As the receiver makes it. */
function keyOf(url: string): string {
  return eventKey([url], undefined);
}

export function hasCallback(body: Reply["body"]): boolean {
  return body !== "" && "callback" in Object(JSON.parse(String(body)));
}

function deliveryOf({ url: callbackUrl }: Known, type: string, receivedAt: number): Delivery {
  const body = { appId: 1, date: "2026-01-01", customer: { id: 1, name: "Acme" }, data: {}, callbackUrl };
  return {
    ...{ method: "POST", path: `/${type.replace(".", "")}/1`, query: "", secure: true, receivedAt },
    headers: { "content-type": ["application/json"] },
    body: async () => ({ kind: "bytes", bytes: new TextEncoder().encode(JSON.stringify(body)) }),
  };
}
