/** The work that the app is there for; this one counts companies, as slowly as it is told to. */
import { setTimeout as sleep } from "node:timers/promises";

/** Ends early when `signal` aborts, since nobody wants the number then. */
export async function crunch(
  data: unknown,
  { seconds, signal }: { seconds: number; signal: AbortSignal },
): Promise<number> {
  await sleep(seconds * 1_000, undefined, { signal });
  return hasCompanies(data) ? data.companyIds.length : 0;
}

/** What a run carries is up to whoever starts it, so the app looks before it believes. */
function hasCompanies(data: unknown): data is { companyIds: unknown[] } {
  return typeof data === "object" && data !== null && "companyIds" in data && Array.isArray(data.companyIds);
}
