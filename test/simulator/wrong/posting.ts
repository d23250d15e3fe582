/** Wrong ways to post a callback. */
import type { Bench } from "@answerback/simulator";

/** A post as it should be, but for its redirects. */
export const json = (body: unknown) => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

/** Posts, and takes whatever comes for the end of it. */
export async function once(work: Promise<unknown>): Promise<void> {
  await work.catch(() => {});
}

/** Takes every answer but a 200 for a reason to go on. */
export async function relentless(url: string, callback: unknown, { transport, clock }: Bench): Promise<void> {
  for (let post = 0; post < 50; post++) {
    const status = await transport(url, { ...json(callback), redirect: "manual" }).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return;
    await new Promise<void>((resolve) => void clock.after(1_000, resolve));
  }
}
