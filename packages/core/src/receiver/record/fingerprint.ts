/** What kind of receiver works under a name: kept with its records, so that two receivers of one name notice each other. */
import { sleep } from "../../lib/timeout.ts";
import { times } from "../patience.ts";
import type { Runtime } from "../runtime.ts";
import { fingerprintKey } from "./keys.ts";
import { Lease } from "./lease.ts";

/** What differs between receivers that are not one and the same. No secret is in it. */
interface Fingerprint {
  readonly provider: readonly string[];
  readonly authentication: readonly string[];
  readonly events: readonly string[];
}

/**
 * Compares this receiver with the last one that was opened under its name, in whatever process, and leaves its own
 * fingerprint for the next. A difference is told once, in the warning `receiver_differs`. Again once a day, since the engine
 * forgets a record that nobody uses.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.10 any.10}
 */
export function compareDaily(runtime: Runtime): void {
  const { tasks, clock, shutdown } = runtime;
  void tasks.track(compare(runtime));
  shutdown.onAbort(clock.after(times.compareAgain, () => compareDaily(runtime)));
}

async function compare(runtime: Runtime): Promise<void> {
  try {
    const [here, there] = [fingerprintOf(runtime), await exchange(runtime)];
    const differences = there ? differencesOf(here, there) : [];
    if (differences.length > 0) runtime.warnOnce("receiver_differs", differs(runtime.name, differences));
  } catch {
    // the backend is away, which is told by itself, or the receiver closes
  }
}

/** Leaves our fingerprint in the place of the one that is there, and returns that. */
async function exchange(runtime: Runtime): Promise<Fingerprint | undefined> {
  for (;;) {
    const lease = new Lease(runtime, fingerprintKey);
    const claimed = await lease.claim();
    if (claimed.state === "claimed") {
      await lease.save({ note: JSON.stringify(fingerprintOf(runtime)), attempts: 0, forMs: 0 });
      return readFingerprint(claimed.note);
    }
    await sleep(times.entityAgain, runtime.clock, runtime.shutdown);
    runtime.shutdown.throwIfAborted();
  }
}

function fingerprintOf({ provider, authenticators, handle }: Runtime): Fingerprint {
  return {
    provider: [provider.name],
    authentication: authenticators.map(({ registers, needs }) => registers?.().in ?? needs).toSorted(),
    events: typeof handle === "function" ? ["all"] : Object.keys(handle).toSorted(),
  };
}

/** Of a text that no version of this package has written: none. */
function readFingerprint(note: string | null): Fingerprint | undefined {
  try {
    const { provider, authentication, events } = Object(JSON.parse(note ?? "null"));
    if (![provider, authentication, events].every((part) => Array.isArray(part))) return undefined;
    return { provider, authentication, events };
  } catch {
    return undefined;
  }
}

function differencesOf(here: Fingerprint, there: Fingerprint): string[] {
  return (["provider", "authentication", "events"] as const)
    .filter((part) => here[part].join() !== there[part].join())
    .map((part) => `${part} ${list(there[part])} there, ${list(here[part])} here`);
}

function list(names: readonly string[]): string {
  return names.length > 0 ? names.join(", ") : "none";
}

function differs(name: string, differences: readonly string[]): string {
  return `${name}: another receiver was opened under this name on this backend (${differences.join("; ")}); two receivers of one name swallow each other's events, so give each a name of its own, unless this is the same receiver in another version`;
}
