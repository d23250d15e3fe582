/** What a handler posts once its run is over changes nothing, and what it posts before is counted beside all else. */
import { memory, RetryLater } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { acme, ask } from "../support/acme.ts";
import { openHouse, type HouseOptions } from "../support/house.ts";
import { asTwo, countingClock, faulty, two } from "./support.ts";

const done = { text: "Done." };
const texts = (house: { posts: readonly any[] }) => house.posts.map(({ body }) => body.text);
const codeOf = (posting: Promise<unknown>) => posting.catch(({ code }) => code);

/** A run whose end is the test's to say. */
function aRun() {
  const end = Promise.withResolvers<object>();
  const begun = Promise.withResolvers<(partial: object) => Promise<void>>();
  const handle = (_: unknown, { post }: any) => (begun.resolve(post), end.promise);
  return { handle, end, post: begun.promise };
}

describe.each(two)("$name", (framework) => {
  const open = (given: HouseOptions = {}) => {
    const { options, ...rest } = given;
    return openHouse(framework, "upsales", {
      provider: acme(),
      options: { authenticate: false, answerWithin: 0, ...options },
      ...rest,
    });
  };

  it("any.21 the first post after an accepted run leaves its record settled", async () => {
    const { handle, end, post } = aRun();
    const house = await open({ handle });
    await house.deliver(ask(1));
    const posts = await post;
    end.resolve(done);
    await house.receiver.idle();
    expect(await codeOf(posts({ text: "too late" }))).toBe("wrong_state");
    expect(texts(house)).toEqual(["Done."]);
    expect(await house.receiver.find(house.events[0].key)).toMatchObject({ state: "settled" });
  });

  it("any.21 the first post after a run that took too long leaves the next one due", async () => {
    const clock = countingClock();
    const { handle: first, post } = aRun();
    let runs = 0;
    const handle = (event: unknown, context: any) => ((runs += 1) === 1 ? first(event, context) : done);
    const house = await open({ clock, handle, options: { handleWithin: "10s" } });
    await house.deliver(ask(1));
    const posts = await post;
    await clock.advance(10_000);
    expect(await codeOf(posts({ text: "too late" }))).toBe("wrong_state");
    await clock.advance(10_000);
    await expect.poll(() => texts(house)).toEqual(["Done."]);
  });

  it("any.39 a post that is being counted when its run fails does not keep the next run waiting", async () => {
    const clock = countingClock();
    const backend = faulty(clock);
    const counting = Promise.withResolvers<void>();
    let runs = 0;
    const handle = async (_: unknown, { post }: any) => {
      if ((runs += 1) > 1) return done;
      backend.slow = counting.promise;
      void post({ text: "Half of it." });
      await expect.poll(() => backend.saves.at(-1)?.change.work).toContain('"uses":1');
      backend.slow = undefined;
      throw new RetryLater("2m");
    };
    const house = await open({ clock, backend, handle });
    await house.deliver(ask(1));
    await expect.poll(() => house.observed.some(({ kind }) => kind === "run")).toBe(true);
    await clock.advance(10);
    counting.resolve();
    await clock.advance(121_000);
    await expect.poll(() => texts(house)).toEqual(["Half of it.", "Done."]);
  });

  it("any.23 runs that ended stay counted as such when one with progress ends in a crash", async () => {
    const clock = countingClock();
    const [here, there] = asTwo(memory({ clock }));
    const backend = faulty(clock, here);
    let runs = 0;
    const handle = async (_: unknown, { post }: any) => {
      if ((runs += 1) === 1) throw new RetryLater("1s");
      if (runs > 2) return done;
      await post({ text: "Half of it." });
      return new Promise(() => {});
    };
    const options = { maxAttempts: 2 };
    const house = await open({ clock, backend, handle, options });
    await house.deliver(ask(1));
    await clock.advance(2_000);
    await expect.poll(() => texts(house)).toEqual(["Half of it."]);
    backend.faults.take = backend.faults.save = "throws";
    const other = await open({ clock, backend: there, handle, options });
    await clock.advance(61_000);
    await expect.poll(() => texts(other)).toEqual(["Done."]);
    backend.faults.save = undefined;
  });
});
