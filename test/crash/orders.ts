/** What the tests and the process that is killed say to each other. */

/** What the process is told: where to end, after how many steps to end, or to say when nothing is left to do. */
export type Order =
  { readonly doomed: string } | { readonly stepsLeft: number } | { readonly whenIdle: true };

/** What it says: where it listens, or what it gave up. */
export type Answer = { readonly url: string } | { readonly deadLetters: readonly unknown[] };

export const authenticationKey = "a-key-of-the-app";

export const credentials = { username: "hook", password: "correct-horse-battery" };
