/** Late answers, taken as their providers take them: so many at an address, so long, of such a form. */
import {
  protocols,
  senders,
  type CallbackTerms,
  type CallbackUrls,
  type RawDelivery,
} from "@answerback/simulator";
import type { Answer, Arrived } from "../http/requests.ts";

/** Where it was meant to go; `undefined`: the request is no diverted callback. */
export function meantFor({ headers }: Arrived): string | undefined {
  const [, meant] = headers.find(([name]) => name.toLowerCase() === "simulated-url") ?? [];
  return meant !== undefined && URL.canParse(meant) ? meant : undefined;
}

/** Has the provider take a callback that was meant for this address. */
export async function take(callbacks: CallbackUrls, arrived: Arrived, meant: string): Promise<Answer> {
  const { method, body } = arrived;
  const headers = arrived.headers.map(([name, value]): [string, string] => [name, value]);
  const init = { method, headers, body: body.toString(), redirect: "manual" } as const;
  const response = await callbacks.transport(meant, init);
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  };
}

/**
 * Opens the address of a callback whose delivery we did not send, on the terms of the provider that its host tells. Of any
 * other host the address takes what comes.
 */
export function openFor(callbacks: CallbackUrls, meant: string): void {
  if (callbacks.knows(meant)) return;
  const { hostname } = new URL(meant);
  const { provider, terms } = known.find(({ host }) => host.test(hostname)) ?? anyProvider;
  const address = provider === "discord" ? meant.replace(/(\/webhooks\/[^/]+\/[^/?]+).*$/, "$1") : meant;
  const delivery = {
    provider,
    event: "late answer",
    id: "",
    method: "POST",
    path: "/",
    headers: {},
    body: "",
  } as const;
  const answered = callbacks.sent(delivery, { ...terms, urlOf: () => address });
  // nobody knows of its acknowledgement; of Discord's only a deferral is followed by a post
  answered(
    {
      kind: "answered",
      status: 200,
      headers: {},
      body: provider === "discord" ? '{"type":5}' : "",
      tookMs: 0,
    },
    true,
  );
}

interface Known {
  readonly host: RegExp;
  readonly provider: string;
  readonly terms: CallbackTerms;
}

/** The terms of what sends a delivery with an address. Secrets do not matter here: nothing is signed. */
const known: readonly Known[] = [
  { host: /(^|\.)upsales\.com$/, provider: "upsales", terms: protocols().upsales.callback! },
  {
    host: /(^|\.)hooks\.slack(-gov)?\.com$/,
    provider: "slack",
    terms: termsOf(senders.slack({ signingSecret: "none" }).command()),
  },
  { host: /(^|\.)discord\.com$/, provider: "discord", terms: termsOf(senders.discord().command()) },
  {
    host: /(^|\.)api\.github\.com$/,
    provider: "github",
    terms: termsOf(senders.github({ secret: "none" }).deploymentProtectionRule()),
  },
];

function termsOf({ protocol }: RawDelivery): CallbackTerms {
  return protocol!.callback!;
}

const anyProvider: Known = {
  host: /^/,
  provider: "unknown",
  terms: {
    urlOf: () => undefined,
    uses: Infinity,
    expiresMs: Infinity,
    inlineSpends: false,
    acknowledgedFirst: false,
    methods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
    limit: Infinity,
    inline: () => undefined,
  },
};
