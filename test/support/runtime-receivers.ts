/** The four receivers as one function from Request to Response, for the runtimes that are not Node. */

import { createReceiver } from "@answerback/core";
import { createFetchHandler, type FetchHost } from "@answerback/fetch";
import { providers } from "./providers.ts";

const handlers = Object.values(providers).map(({ make, at, authenticate }) => {
  const receiver = createReceiver(make(), {
    authenticate,
    handle: ({ data }: any) => (data?.sleepMs === undefined ? undefined : workFor(data.sleepMs)),
    transport: toTestServer,
    warn: () => {},
    onError: () => {},
  } as any);
  return createFetchHandler(receiver, { path: at });
});

/** What is not theirs is answered 404. */
export async function respond(request: Request, host?: FetchHost): Promise<Response> {
  for (const handle of handlers) {
    const response = await handle(request, host);
    if (response) return response;
  }
  return new Response(null, { status: 404 });
}

async function workFor(ms: number) {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return { callback: { notify: "Done" } };
}

/** The `port` of a callback address says where the test listens in the provider's place. */
function toTestServer(url: string, { method, headers, body }: RequestInit): Promise<Response> {
  const { port } = Object.fromEntries(new URL(url).searchParams);
  return fetch(`http://127.0.0.1:${port}/`, { method: method!, headers: headers!, body: body! });
}
