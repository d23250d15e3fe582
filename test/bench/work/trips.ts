/** What a delivery asks of its backend: the verbs, counted up to the reply and to the end. */
import { bodySecret, createReceiver, memory, upsales } from "@answerback/core";
import { type Backend, type Records } from "@answerback/core/backend";

/** The verbs of one delivery. */
export interface Trips {
  readonly name: string;
  readonly beforeReply: number;
  readonly all: number;
}

const url = "https://integration.upsales.com/callback/";
const forms = {
  "in time": {},
  "with a callback": { callback: true },
  late: { late: true },
  "late, with a callback": { callback: true, late: true },
};

/** One delivery of each form. */
export async function countTrips(): Promise<Trips[]> {
  const trips: Trips[] = [];
  // the timers of a receiver keep no process alive
  const awake = setInterval(() => {}, 1_000);
  for (const [name, form] of Object.entries(forms)) trips.push({ name, ...(await tripsOf(form)) });
  clearInterval(awake);
  return trips;
}

async function tripsOf({
  callback = false,
  late = false,
}: {
  callback?: boolean;
  late?: boolean;
}): Promise<Omit<Trips, "name">> {
  let verbs = 0;
  const handled = Promise.withResolvers<void>();
  const receiver = createReceiver(upsales(), {
    authenticate: bodySecret("authenticationKey", "a-key-of-the-app"),
    handle: async () => {
      if (late) await handled.promise;
      return callback ? { callback: { notify: "done" } } : {};
    },
    backend: counting(() => (verbs += 1)),
    transport: async () => new Response(),
    answerWithin: late ? "1ms" : "5s",
    warn: () => {},
    background: false,
  });
  const reply = await receiver.receive(deliveryOf());
  const beforeReply = verbs;
  handled.resolve();
  reply?.sent?.("fully");
  await receiver.idle();
  await receiver.close();
  return { beforeReply, all: verbs };
}

function counting(count: () => void): Backend {
  const backend = memory();
  return {
    ...backend,
    async open(name) {
      const records = await backend.open(name);
      const counted =
        (verb: "claim" | "take" | "save") =>
        (...args: unknown[]) => (count(), (records[verb] as any)(...args));
      return { ...records, claim: counted("claim"), take: counted("take"), save: counted("save") } as Records;
    },
  };
}

function deliveryOf() {
  const body = {
    appId: 1,
    date: new Date().toISOString(),
    authenticationKey: "a-key-of-the-app",
    customer: { id: 1, name: "Acme AB" },
    data: {},
    callbackUrl: url + 1,
  };
  const bytes = Buffer.from(JSON.stringify(body));
  return {
    ...{ method: "POST", path: "/external", query: "", secure: true },
    headers: { "content-type": ["application/json"] },
    body: async () => ({ kind: "bytes", bytes }) as const,
  };
}
