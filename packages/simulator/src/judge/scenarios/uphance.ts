/** The scenarios of Uphance. */
import type { RawDelivery } from "../../protocols/protocol.ts";
import { uphance } from "../../deliveries/uphance.ts";
import type { Scenario } from "../scenario.ts";
import { commonScenarios } from "./common.ts";
import { demandAcknowledged, demandRefused, demandRuns } from "./demands.ts";
import type { Draft, Traits } from "./traits.ts";
import { scenariosOf } from "./traits.ts";

const own: readonly Draft[] = [
  {
    name: "takes the same event for the same, however its bytes are written",
    clause: "uphance.4",
    async play(stage) {
      const delivery = uphance.pickTicketUpdate(stage.nth(1));
      const rewritten = { ...delivery, body: JSON.stringify(reversed(JSON.parse(delivery.body)), null, 2) };
      await stage.play([delivery, rewritten]);
      await demandRuns(stage, delivery, 1);
    },
  },
  {
    name: "takes a later update for another event",
    clause: "uphance.4",
    async play(stage) {
      const id = stage.nth(1).seed;
      const updates = ["2026-03-27T09:20:18.123Z", "2026-03-27T09:20:18.124Z"].map((updated_at) =>
        uphance.pickTicketUpdate({ ...stage.nth(1), object: { id, updated_at } }),
      );
      await stage.play(updates);
      await demandRuns(stage, updates[0]!, 2);
    },
  },
  {
    name: "takes what happened to one object for as many events",
    clause: "uphance.4",
    async play(stage) {
      const object = { id: stage.nth(1).seed };
      const built = { ...stage.nth(1), object };
      const created = uphance.invoiceCreate(built);
      const others = [
        uphance.invoiceUpdate(built),
        uphance.invoiceDelete(built),
        uphance.creditNoteCreate(built),
      ];
      await stage.play([created, ...others]);
      await demandRuns(stage, created, 4);
    },
  },
  {
    name: "handles every update that does not say when it was made",
    clause: "uphance.4",
    async play(stage) {
      // two real changes of one product look alike: losing one is worse than handling one twice
      const update = uphance.productUpdate({ ...stage.nth(1), shape: "flat id" });
      await stage.play([update, update]);
      await demandRuns(stage, update, 2);
    },
  },
  {
    name: "handles once a creation that is only an id",
    clause: "uphance.4",
    async play(stage) {
      const created = uphance.invoiceCreate({ ...stage.nth(1), shape: "bare id" });
      for (const attempt of await stage.play([created, created]))
        demandAcknowledged(stage, attempt, "uphance.1");
      await demandRuns(stage, created, 1);
    },
  },
  {
    name: "acknowledges an event that it does not know",
    clause: "uphance.2",
    async play(stage) {
      const [attempt] = await stage.play(uphance.other("warehouse_transfer_create", stage.nth(1)));
      demandAcknowledged(stage, attempt);
    },
  },
  {
    name: "refuses what is not an event",
    clause: "uphance.1",
    async play(stage) {
      const delivery = uphance.invoiceCreate(stage.nth(1));
      const bodies = [
        "null",
        "1",
        "[]",
        "{}",
        '{"event":5}',
        '{"event":"invoice_create"}',
        `${delivery.body}{}`,
      ];
      for (const body of bodies) await demandRefused(stage, { ...delivery, body }, 400);
    },
  },
  {
    name: "refuses an object that reaches for a prototype",
    clause: "any.6",
    async play(stage) {
      const delivery = uphance.invoiceCreate(stage.nth(1));
      const body = delivery.body.replace('{"id"', '{"\\u005f_proto__":{"polluted":true},"id"');
      await demandRefused(stage, { ...delivery, body }, 400);
    },
  },
  {
    name: "answers a wrong secret in the URL with an empty 404",
    clause: "any.14",
    needs: ["secret"],
    async play(stage) {
      const delivery = uphance.invoiceCreate(stage.nth(1));
      const secret = stage.options.secret!;
      for (const wrong of [`${secret}x`, secret.slice(1), flipped(secret)])
        await demandRefused(stage, withPath(delivery, delivery.path.replace(secret, wrong)), 404);
    },
  },
];

const traits: Traits = {
  provider: "uphance",
  make: (stage, n = 1) => uphance.invoiceCreate(stage.nth(n)),
  retries: true,
  statuses: { malformed: 400, mediaType: 415 },
  clauses: { acknowledged: "uphance.3", key: "uphance.4", slow: "uphance.6" },
};

/**
 * What Uphance does to its receiver.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#uphance.3 uphance.3}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#uphance.4 uphance.4}
 */
export const uphanceScenarios: readonly Scenario[] = scenariosOf(traits, commonScenarios(traits), own);

const withPath = (delivery: RawDelivery, path: string): RawDelivery => ({ ...delivery, path });

/** The same object with its keys the other way round. */
function reversed(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, reversed(inner)])
      .toReversed(),
  );
}

/** One character off. */
const flipped = (secret: string) => secret.slice(0, -1) + (secret.endsWith("0") ? "1" : "0");
