/** A provider as a sender, as data and pure functions: what it sends, what it concludes, what it takes at an address. */
import type { Answered, Conclusion, Progress, Seen } from "./conclusion.ts";

/** The four providers that have builders under `deliveries`. */
export type ProviderName = "upsales" | "uphance" | "appInbox" | "postback";

/** What a body is: text, which is sent as UTF-8, or bytes. */
export type Body = string | Uint8Array;

/**
 * One HTTP attempt as plain data, exact to the byte.
 *
 * @example
 * const delivery = deliveries.postback.contactCreate({ seed: 7 });
 * await request(app).post(delivery.path).set(delivery.headers).send(delivery.body).expect(200);
 */
export interface RawDelivery<Content extends Body = string> {
  /** Who sends it: one of the four, or the name of a sender of your own. */
  readonly provider: ProviderName | (string & {});
  /** What happened, for the journal: `"contact.create"`. */
  readonly event: string;
  /** The id of the entity that it happened to, as text; of a list, the id of its first; `""`: there is none. */
  readonly id: string;
  /** Most providers send nothing but `"POST"`. */
  readonly method: "POST" | "GET" | "HEAD" | "OPTIONS" | "PUT";
  /** Mount and path, with a query where there is one: `"/upsales/orderinsert/1"`. */
  readonly path: string;
  /** Names as the provider writes them; `Host`, `Content-Length` and a signature are the sender's to add. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body, as text that is sent as UTF-8, or as bytes. */
  readonly body: Content;
  /** How it is signed, sent again and concluded. Default: as its provider, one of the four, does. */
  readonly protocol?: Protocol | undefined;
}

/** A delivery whose body is text or bytes. */
export type AnyDelivery = RawDelivery<Body>;

/** The sending side of one provider. */
export interface Protocol {
  /** How long the provider waits for the whole answer: ms. */
  readonly patienceMs: number;
  /** What the provider concludes from an answer, or from none. */
  readonly conclude: (seen: Seen, progress: Progress) => Conclusion;
  /** The delivery of the same event, sent again as the `attempt`th attempt, after the one before was `seen`. */
  readonly again: (delivery: AnyDelivery, attempt: number, seen?: Seen) => AnyDelivery;
  /** The headers that show who sends, made anew for each attempt. Default: none. */
  readonly sign?: Sign | undefined;
  /** What it takes at the address that comes with a delivery. Default: no address comes with any. */
  readonly callback?: CallbackTerms | undefined;
}

/** Makes the headers of one attempt that show who sends. Pure, so that a test can sign with another time. */
export type Sign = (delivery: AnyDelivery, sending: Sending) => Readonly<Record<string, string>>;

/** One attempt as it goes out. */
export interface Sending {
  /** The provider's clock: ms since the epoch. */
  readonly at: number;
  /** Where it goes to, path and query included. */
  readonly url: URL;
}

/** What a provider takes at the address that comes with a delivery. */
export interface CallbackTerms {
  /** The address that came with a delivery; `undefined`: none did. */
  readonly urlOf: (delivery: AnyDelivery) => string | undefined;
  /** Does a request to `url` use this address? Default: if the two are equal. */
  readonly covers?: ((url: string, address: string) => boolean) | undefined;
  /** How many callbacks an address takes; `Infinity`: any number. */
  readonly uses: number;
  /** How long it takes them: ms since the delivery was first sent. */
  readonly expiresMs: number;
  /** Is the callback in an answer a use? */
  readonly inlineSpends: boolean;
  /** Is a callback refused as long as the delivery has not been acknowledged? Where it is taken, it is noted as early. */
  readonly acknowledgedFirst: boolean;
  /** In upper case. */
  readonly methods: readonly string[];
  /** The size from which on a callback is too large: bytes. */
  readonly limit: number;
  /** The callback in an answer; `undefined`: there is none. */
  readonly inline: (answer: Answered) => unknown;
  /** What the provider thinks of a callback that keeps the terms above. Default: it is taken, with 200. */
  readonly judge?: ((request: CallbackRequest, state: CallbackState) => Opinion) | undefined;
  /** What the provider answers where it refuses. Default: the status that HTTP has for it. */
  readonly refusal?: ((why: RefusalReason) => CallbackReply) | undefined;
}

/** A callback, as it came. */
export interface CallbackRequest {
  /** In the answer to the delivery, or by a request to the address. */
  readonly how: "inline" | "posted";
  /** Where it was sent. */
  readonly url: string;
  /** In upper case; `""` of an inline callback. */
  readonly method: string;
  /** Names in lower case; none of an inline callback. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text; an inline callback as JSON text. */
  readonly body: string;
}

/** Where an address stands when a callback comes. */
export interface CallbackState {
  /** The delivery that the address came with; `undefined`: a test opened it by hand. */
  readonly delivery: AnyDelivery | undefined;
  /** The callbacks that were taken so far, those that spent nothing included. */
  readonly taken: readonly CallbackRequest[];
  /** The answer by which the delivery was acknowledged; `undefined`: it has not been. */
  readonly answer: Answered | undefined;
  /** ms since the delivery was first sent. */
  readonly sinceMs: number;
}

/** What a provider answers to a callback. */
export interface CallbackReply {
  /** The HTTP status. Default 200; of a callback that is refused, 400. */
  readonly status?: number;
  /** Text, or a value that is sent as JSON. Default: the conclusion as a sentence. */
  readonly body?: unknown;
  /** Default: what the body needs. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a provider thinks of a callback; `undefined`: nothing, it is taken. */
export type Opinion =
  | (CallbackReply & {
      /** Why it is not taken, in a few words. Default: it is taken. */
      readonly refused?: string;
      /** `false`: this one is no use. Default `true`. */
      readonly spends?: boolean;
    })
  | undefined;

/** Why a callback is refused by the terms alone. */
export type RefusalReason =
  "unknown" | "method" | "too large" | "expired" | "not acknowledged" | "already used";

/** Most providers send the same bytes again. */
export const sameBytes = (delivery: AnyDelivery): AnyDelivery => delivery;

/** A body as text; bytes are read as UTF-8. */
export const textOf = (body: Body): string =>
  typeof body === "string" ? body : new TextDecoder().decode(body);

/** The delivery with its body as text. */
export const withText = (delivery: AnyDelivery): RawDelivery => ({
  ...delivery,
  body: textOf(delivery.body),
});
