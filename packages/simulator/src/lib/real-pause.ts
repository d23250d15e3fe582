/** Real time, which fake timers must not stop: turns of the event loop, and pauses of 2 ms. */

// taken when this module loads: before anybody puts fake timers in their place
const { setTimeout: realTimeout, setImmediate: realImmediate } = globalThis;

/** Resolves in the next turn of the event loop. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => void realImmediate(() => resolve()));

/** Waits 2 ms of real time, so many times, or until `enough`. */
export async function realPause(times = 1, enough: () => boolean = () => false): Promise<void> {
  for (let left = times; left > 0 && !enough(); left--)
    await new Promise<void>((resolve) => void realTimeout(resolve, 2));
}
