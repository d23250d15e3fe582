/** Records that are due and an engine that carries them, of plain maps, to be broken as a test likes. */
import type { Backend, Carriage, Carrier, Parcel, Records } from "@answerback/core";

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
      return Array.from(due, ([key, since]) => ({ key, since })).slice(0, limit);
    },
    async take(_hold, from) {
      if (fake.isAway) return away();
      if (!from || !due.delete(from.key)) return undefined;
      fake.calls.push(`take ${from.key}`);
      return { key: from.key, attempts: 1, work: "1", answer: null, note: null };
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
  /** What was put in, each time. */
  readonly puts: (readonly Parcel[])[];
  /** What is in there. */
  readonly inside: Map<string, string>;
  /** What the next ones do instead. */
  put: "takes" | "rejects" | "hangs" | "loses";
  /** Hands out what is in there, as often as said. */
  deliver(times?: number): Promise<void>;
  readonly calls: string[];
  slots: number;
}

/** An engine that hands out when told to. */
export function fakeCarrier(): FakeCarrier {
  let each: (key: string) => Promise<void> = async () => {};
  let inHand = Promise.resolve<unknown>(0);
  const carrier: FakeCarrier = {
    names: [],
    puts: [],
    inside: new Map(),
    put: "takes",
    calls: [],
    slots: 0,
    async open(name) {
      carrier.names.push(name);
      return carriage;
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
  const carriage: Carriage = {
    async put(parcels) {
      carrier.puts.push(parcels);
      if (carrier.put === "rejects") throw new Error("refused");
      if (carrier.put === "hangs") return new Promise(() => {});
      if (carrier.put === "takes") for (const { id, key } of parcels) carrier.inside.set(id, key);
    },
    work(slots, given) {
      [carrier.slots, each] = [slots, given];
      return async () => {
        carrier.calls.push("stop");
        await inHand;
        carrier.calls.push("stopped");
      };
    },
    async close() {
      carrier.calls.push("close carriage");
    },
  };
  return carrier;
}
