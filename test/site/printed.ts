/** What an app prints that has a mistake in it: the words that its developer takes to the site. */
import { basicAuth, createReceiver, postback, type Receiver, type Warning } from "@answerback/core";
import { stripe } from "@answerback/providers/stripe";

/** Makes each mistake. Returns what is printed of it, by the mistake. */
export async function printed(): Promise<Readonly<Record<string, string>>> {
  const said: string[] = [];
  const options = {
    handle: () => {},
    warn: ({ message }: Warning) => void said.push(message),
  };
  const authenticate = basicAuth({ username: "hook", password: "correct-horse-battery" });

  const wrong = `Basic ${Buffer.from("hook:wrong").toString("base64")}`;
  await refused(createReceiver(postback(), { ...options, authenticate }), { authorization: [wrong] });
  const password = said.at(-1)!;

  const secret = "whsec_a_secret_of_the_endpoint";
  const signature = `t=${Math.floor(Date.now() / 1_000)},v1=${"0".repeat(64)}`;
  await refused(createReceiver(stripe({ secret }), options), { "stripe-signature": [signature] });

  const misspelt = () =>
    createReceiver(postback(), { ...options, authenticate, awnserWithin: 0 } as object as never);
  return {
    "a wrong password": password,
    "a wrong signature": said.at(-1)!,
    "a misspelt option": messageOf(misspelt),
  };
}

async function refused(receiver: Receiver, headers: Record<string, string[]>): Promise<void> {
  await receiver.receive({
    method: "POST",
    path: "/",
    query: "",
    headers: { "content-type": ["application/json"], ...headers },
    secure: true,
    body: async () => ({ kind: "bytes", bytes: Buffer.from("{}") }),
  });
  await receiver.close();
}

function messageOf(mistake: () => unknown): string {
  try {
    mistake();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it was taken");
}
