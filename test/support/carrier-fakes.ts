/** Records that are due and an engine that carries them, of plain maps, to be broken as a test likes. */
import type { Backend, Carrier, Job, Queue, Records, WorkKind } from "@answerback/core/backend";

/** Records of which only what a carrier needs is there. */
export interface FakeBackend extends Backend {
  /** Makes it due, as another process does. */
  makeDue(...keys: string[]): void;
  /** What was done to it, in that order: `take key`, `save key`, `close records`, `close`. */
  readonly calls: string[];
  /** How often it was asked what is due. */
  looks: number;
  isAway: boolean;
}

/** Nothing is due at first. */
export function fakeBackend(): FakeBackend {
  const due = new Map<string, string>();
  let moment = 0;
  const away = () => Promise.reject(new Error("away"));
  const fake: FakeBackend = {
    durable: true,
    calls: [],
    looks: 0,
    isAway: false,
    makeDue: (...keys) => keys.forEach((key) => due.set(key, `${(moment += 1)}`)),
    async open() {
      return records as Records;
    },
    async close() {
      fake.calls.push("close");
    },
  };
  const records: Partial<Records> = {
    async due(limit) {
      fake.looks += 1;
      if (fake.isAway) return away();
      return Array.from(due, ([key, since]) => ({ key, since, kind: kindOf(key) })).slice(0, limit);
    },
    async take(_lease, which = {}) {
      if (fake.isAway) return away();
      const { key } = which;
      if (!key || !due.delete(key)) return undefined;
      fake.calls.push(`take ${key}`);
      return { key, attempts: 1, work: "1", kind: kindOf(key), answer: null, note: null };
    },
    async save(key, _hold, { forMs }) {
      fake.calls.push(`save ${key}`);
      if (forMs === 0) fake.makeDue(key);
      return true;
    },
    async close() {
      fake.calls.push("close records");
    },
  };
  return fake;
}

/** An engine of maps. */
export interface FakeCarrier extends Carrier {
  readonly names: string[];
  /** The jobs that were added, each time. */
  readonly added: (readonly Job[])[];
  /** The keys that wait, by the id of their job. */
  readonly inside: Map<string, string>;
  /** What the next adding does. */
  adding: "takes" | "rejects" | "hangs" | "loses";
  /** Hands out what is in there, as often as said. */
  deliver(times?: number): Promise<void>;
  readonly calls: string[];
  /** How many each queue works at a time, by its name. */
  readonly slots: Record<string, number>;
}

/** An engine that hands out when told to. */
export function fakeCarrier(): FakeCarrier {
  let each: (key: string) => Promise<void> = async () => {};
  let inHand = Promise.resolve<unknown>(0);
  const carrier: FakeCarrier = {
    names: [],
    added: [],
    inside: new Map(),
    adding: "takes",
    calls: [],
    slots: {},
    async open(name) {
      carrier.names.push(name);
      return queueOf(name);
    },
    async close() {
      carrier.calls.push("close");
    },
    async deliver(times = 1) {
      const keys = [...carrier.inside.values()];
      carrier.inside.clear();
      const handed = keys.flatMap((key) => Array.from({ length: times }, () => each(key)));
      inHand = Promise.all([inHand, ...handed]);
      await inHand;
    },
  };
  const queueOf = (name: string): Queue => ({
    async add(jobs) {
      carrier.added.push(jobs);
      if (carrier.adding === "rejects") throw new Error("refused");
      if (carrier.adding === "hangs") return new Promise(() => {});
      if (carrier.adding === "takes") for (const { id, key } of jobs) carrier.inside.set(id, key);
    },
    work(slots, given) {
      carrier.slots[name] = slots;
      each = given;
      return async () => {
        carrier.calls.push("stop");
        await inHand;
        carrier.calls.push("stopped");
      };
    },
    async close() {
      carrier.calls.push("close queue");
    },
  });
  return carrier;
}

/** A key that begins with "post" is due to be posted. */
function kindOf(key: string): WorkKind {
  return key.startsWith("post") ? "post" : "run";
}
