/** The route that App Inbox sends its messages to: what becomes of them, and its methods. */
import { appInbox, basicAuth, createReceiver, memory } from "@answerback/core";
import { createFetchHandler } from "@answerback/fetch";
import { show } from "../../messages.ts";

const receiver = createReceiver(appInbox(), {
  authenticate: basicAuth({ username: "inbox", password: process.env["INBOX_PASSWORD"] }),
  // forgets at a restart: a durable backend belongs here when handling a retry twice would do harm
  backend: memory(),
  handle: { message: ({ data }) => show(data) },
});

const handle = createFetchHandler(receiver, { path: "/hooks/inbox" });

/** A message, or a list of them. */
export async function POST(request: Request): Promise<Response> {
  return (await handle(request)) ?? new Response(null, { status: 404 });
}

/** The probe that App Inbox sends when the URL is saved; Next.js answers HEAD by it, too. */
export { POST as GET };
