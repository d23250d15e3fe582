/** A delivery whose body opens on demand: what the head declares, then room, then the bytes, then what they say. */
import type { OpenDelivery } from "../../contract/authenticator.ts";
import type { Body, Delivery } from "../../contract/delivery.ts";
import { AnswerbackError } from "../../contract/errors.ts";
import { decodeBody, type ReadBody } from "../../decoding/body.ts";
import { inflate } from "../../decoding/inflate.ts";
import { mediaType, type MediaType } from "../../decoding/media-type.ts";
import type { Route } from "../../decoding/path.ts";
import type { LoadedEvent } from "../event/event.ts";
import type { Followed } from "../follow.ts";
import type { Stage } from "../options.ts";
import type { Runtime } from "../runtime.ts";

/** A delivery in the receiver's hands, and what becomes known of it. */
export class OpenedDelivery implements OpenDelivery {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly url: string | undefined;
  readonly headers: Delivery["headers"];
  readonly secure: boolean;
  readonly tellsSent: boolean;
  readonly params: Route["params"];
  readonly receivedAt: number;
  /** When the receiver got it: ms since the epoch. */
  readonly startedAt: number;
  readonly route: Route;
  /** Who sent it, once it is authenticated and where an authenticator names somebody. */
  identity: string | undefined;
  /** Why an authenticator says no. */
  denied: string | undefined;
  /** How many events it carries, once it is decoded. */
  events = 0;
  /** How many of them are items of a list that are malformed. */
  malformed = 0;
  /** How far it has come. */
  stage: Stage = "head";
  /** The event, where it carries one. */
  event?: LoadedEvent;
  /** Who follows it, where somebody does. */
  followed?: Followed | undefined;
  readonly #runtime: Runtime;
  readonly #delivery: Delivery;
  #media: MediaType | undefined;
  #reading: Promise<ReadBody> | undefined;
  #inflating: Promise<ReadBody> | undefined;
  #decoding: Promise<unknown> | undefined;
  #read: ReadBody | undefined;
  #bytesTaken: number | undefined;
  #isClosed = false;

  constructor(runtime: Runtime, delivery: Delivery, route: Route) {
    this.method = delivery.method;
    this.path = delivery.path;
    this.query = delivery.query;
    this.url = publicUrlOf(runtime, delivery);
    this.headers = delivery.headers;
    this.secure = delivery.secure;
    this.tellsSent = delivery.tellsSent ?? true;
    this.params = route.params;
    this.startedAt = runtime.clock.now();
    this.receivedAt = delivery.receivedAt ?? this.startedAt;
    this.route = route;
    this.#runtime = runtime;
    this.#delivery = delivery;
  }

  /** What the head says that the body is. Throws where the provider does not send such a body. */
  get media(): MediaType {
    return (this.#media ??= mediaType(this.headers, this.#runtime.provider));
  }

  /** Has the whole body been read? If not, a refusal closes the connection (any.3). */
  get wasRead(): boolean {
    return this.#read !== undefined;
  }

  /** The bytes as they travelled, where the body was read and no upstream parser took them. */
  get travelled(): Uint8Array | undefined {
    const body = this.#read;
    if (body?.kind !== "bytes") return undefined;
    const { coding, charset } = this.media;
    const isChanged = (body.inflated && coding) || (body.text && charset !== "utf-8");
    return isChanged ? undefined : body.bytes;
  }

  // own functions, since an authenticator of the user's may take them out of the delivery
  readonly bytes = async (): Promise<Uint8Array> => {
    await (this.#reading ??= this.#readBody());
    if (this.travelled) return this.travelled;
    throw alreadyRead();
  };

  readonly body = (): Promise<unknown> => (this.#decoding ??= this.#decode());

  readonly deny = (reason: string): false => {
    this.denied = reason;
    return false;
  };

  /** The body as evidence of what was malformed: decoded, else as text; `undefined` where neither is there. */
  evidence(): Promise<unknown> {
    return this.body()
      .catch(() => this.#plainBytes())
      .catch(() => this.bytes())
      .then((body) => (body instanceof Uint8Array ? new TextDecoder().decode(body) : body))
      .catch(() => undefined);
  }

  /** Ends the delivery: gives the room of its body back, and reads nothing any more. */
  close(): void {
    this.#isClosed = true;
    if (this.#bytesTaken === undefined) return;
    this.#runtime.inFlight.deliveries -= 1;
    this.#runtime.inFlight.bytes -= this.#bytesTaken;
  }

  /** What goes wrong with the body goes wrong there, whoever asks for it. */
  async #decode(): Promise<unknown> {
    const { stage } = this;
    this.stage = "body";
    const value = decodeBody(await this.#plainBody(), this.media);
    this.stage = stage;
    return value;
  }

  /** The body without its Content-Encoding (any.33). */
  #plainBody(): Promise<ReadBody> {
    const { coding } = this.media;
    const reading = (this.#reading ??= this.#readBody());
    if (!coding) return reading;
    return (this.#inflating ??= reading.then(async (body) => {
      if (body.kind === "parsed" || body.inflated) return body;
      return { kind: "bytes", bytes: await inflate(body.bytes, coding, this.#runtime.bodyLimit) };
    }));
  }

  async #plainBytes(): Promise<Uint8Array | undefined> {
    const body = await this.#plainBody();
    return body.kind === "bytes" ? body.bytes : undefined;
  }

  async #readBody(): Promise<ReadBody> {
    const { bodyLimit, bodyWithinMs } = this.#runtime;
    if (this.#isClosed)
      throw new AnswerbackError("aborted", "the delivery was answered before its body was asked for");
    const { coding } = this.media;
    const declared = declaredLength(this.headers["content-length"]?.[0], bodyLimit) ?? bodyLimit;
    this.#takeRoom(coding ? bodyLimit : declared);
    const body = await this.#delivery.body(bodyLimit, bodyWithinMs);
    if (body.kind !== "bytes" && body.kind !== "parsed") throw unreadable(this.#runtime, body.kind);
    return (this.#read = body);
  }

  /** Takes room for a delivery and its body (any.17). */
  #takeRoom(bytes: number): void {
    const { inFlight, maxConcurrent, maxBytesInFlight } = this.#runtime;
    if (inFlight.deliveries >= maxConcurrent)
      throw overloaded(`maxConcurrent, ${maxConcurrent}, deliveries are under way`);
    if (inFlight.bytes + bytes > maxBytesInFlight)
      throw overloaded(
        `with this body, those under way have more than maxBytesInFlight, ${maxBytesInFlight} bytes`,
      );
    inFlight.deliveries += 1;
    inFlight.bytes += bytes;
    this.#bytesTaken = bytes;
  }
}

/** The address under which the provider has this delivery. */
function publicUrlOf({ publicUrl }: Runtime, { path, query }: Delivery): string | undefined {
  if (publicUrl === undefined) return undefined;
  const address = path === "/" ? publicUrl : publicUrl.replace(/\/$/, "") + path;
  return query === "" ? address : `${address}?${query}`;
}

function declaredLength(header: string | undefined, limit: number): number | undefined {
  if (!header || !/^\d+$/.test(header)) return undefined;
  const length = Number(header);
  if (length <= limit) return length;
  throw tooLarge(limit, `${length} bytes were declared`);
}

function tooLarge(limit: number, what: string): AnswerbackError {
  return new AnswerbackError(
    "too_large",
    `${what}, and bodyLimit is ${limit}; raise it if the provider may rightly send as much`,
  );
}

function overloaded(what: string): AnswerbackError {
  return new AnswerbackError("overloaded", `${what}; raise it, or let handlers answer sooner`);
}

function unreadable(runtime: Runtime, kind: Exclude<Body, ReadBody>["kind"]): AnswerbackError {
  switch (kind) {
    case "too_large":
      return tooLarge(runtime.bodyLimit, "the body is longer");
    case "timeout":
      return new AnswerbackError(
        "timeout",
        `the body was not there within bodyWithin, ${runtime.bodyWithinMs} ms`,
      );
    case "aborted":
      return new AnswerbackError("aborted", "the provider broke off before the whole body was there");
    case "already_read":
      return alreadyRead();
  }
}

function alreadyRead(): AnswerbackError {
  return new AnswerbackError(
    "body_already_read",
    "another parser has read the body and left nothing of it: mount Answerback before the body parser",
  );
}
