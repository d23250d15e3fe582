/**
 * Loaded into an app, `node --import answerback/callbacks`, it has the app's late answers come to this machine and to nobody
 * else: `answerback listen`, or `--callbacks` of send and play, takes them.
 */

/** The header in which a diverted request says where it was meant to go, as the simulator's callback server reads it. */
const meantFor = "simulated-url";

const here = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * From now on `fetch` sends to `to` what was meant for a callback address, as Answerback posts: over https, following no
 * redirect. Everything else goes its way. A `transport` that does not use `fetch`, such as `guardedFetch`, is not diverted.
 *
 * @param to Where it is taken: `"http://127.0.0.1:4000"`.
 * @returns The function that ends it.
 * @throws TypeError for what is no address of this machine.
 */
export function divertCallbacks(to: string): () => void {
  if (!URL.canParse(to) || !here.test(new URL(to).hostname))
    throw new TypeError(
      `ANSWERBACK_CALLBACKS: ${to} is no address of this machine, such as http://127.0.0.1:4000`,
    );
  const original = globalThis.fetch;
  const diverted: typeof fetch = (input, init) => {
    const meant = input instanceof Request ? input.url : String(input);
    if (init?.redirect !== "manual" || !meant.startsWith("https:")) return original(input, init);
    const { pathname, search } = new URL(meant);
    const headers = new Headers(init.headers);
    headers.set(meantFor, meant);
    return original(new URL(pathname + search, to), { ...init, headers });
  };
  globalThis.fetch = diverted;
  return () => {
    if (globalThis.fetch === diverted) globalThis.fetch = original;
  };
}

const { ANSWERBACK_CALLBACKS: to } = process.env;
if (to) divertCallbacks(to);
