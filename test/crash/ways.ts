/** The ways that a delivery may take, step by step: where a process is killed. */
import type { CrashEngine } from "./stores.ts";
import type { ReceiverName } from "./ledger.ts";

type Ways = Partial<Record<ReceiverName, readonly string[]>>;

/** Known to the provider alone. */
export const whilePosting = "while the post is being answered";

const claimed = (name: ReceiverName) => [`${name}: before the claim`, `${name}: after the claim`];
const handled = (name: ReceiverName) => [`${name}: as the handler begins`, `${name}: as the handler ends`];
const saved = (name: ReceiverName, step: number) => [
  `${name}: before save ${step}`,
  `${name}: after save ${step}`,
];
const replied = (name: ReceiverName) => [`${name}: before the reply`, `${name}: after the reply`];
const posted = ["before the post", whilePosting, "after the post"];

/** A handler's own writes, and the settling with them. */
const committed = (name: ReceiverName) => [
  `${name}: as the handler begins`,
  `${name}: after the write`,
  `${name}: as the handler ends`,
  `${name}: before the saves`,
  "before COMMIT",
  "as COMMIT is on its way",
  `${name}: after the commit`,
];

/** Of a delivery that is answered in time, of one that is accepted first, and of one without a callback. */
const everywhere: Ways = {
  inline: [
    ...claimed("inline"),
    ...handled("inline"),
    ...saved("inline", 1),
    ...replied("inline"),
    ...saved("inline", 2),
  ],
  late: [
    ...claimed("late"),
    ...handled("late"),
    ...saved("late", 1),
    ...replied("late"),
    ...saved("late", 2),
    ...posted,
    ...saved("late", 3),
  ],
  contacts: [...claimed("contacts"), ...handled("contacts"), ...saved("contacts", 1), ...replied("contacts")],
};

/** Of those whose handlers join the settling, in time and accepted first. */
const withTransactions: Ways = {
  rows: [...claimed("rows"), ...committed("rows"), ...replied("rows")],
  "late-rows": [
    ...saved("late-rows", 1),
    ...replied("late-rows"),
    ...committed("late-rows"),
    ...posted,
    ...saved("late-rows", 3),
  ],
};

/** All ways on an engine, by the receiver that goes them. */
export function waysOn(engine: CrashEngine): Ways {
  return engine === "postgres" ? { ...everywhere, ...withTransactions } : everywhere;
}
