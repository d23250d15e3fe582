/** Posts a late callback as Upsales' page wants it: again while it surely did not arrive, never once it was refused. */
import type { Bench } from "@answerback/simulator";

/** @see upsales.7 upsales.9 */
export async function postCallback(
  url: string,
  callback: unknown,
  { transport, clock }: Bench,
): Promise<void> {
  if (callback === undefined) return;
  const began = clock.now();
  for (let waitMs = 1_000; clock.now() - began < 86_400_000; waitMs *= 2) {
    const abort = new AbortController();
    const cancel = clock.after(10_000, () => abort.abort());
    const status = await transport(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(callback),
      redirect: "manual",
      signal: abort.signal,
    }).then(
      (response) => response.status,
      () => 599,
    );
    cancel();
    if (status < 500 && status !== 429) return;
    await new Promise<void>((resolve) => void clock.after(waitMs, resolve));
  }
}
