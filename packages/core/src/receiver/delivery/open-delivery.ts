/** A delivery whose body opens on demand: what the head declares, room, the bytes, then what they say. */
import type { OpenDelivery } from "../../authenticators/authenticator.ts";
import { decodeBody, type ReadBody } from "../../decoding/body.ts";
import { mediaType, type MediaType } from "../../decoding/media-type.ts";
import type { Body, Delivery } from "../../delivery.ts";
import { AnswerbackError } from "../../errors.ts";
import type { Route } from "./route.ts";
import type { Runtime } from "../runtime.ts";

/** A delivery in the receiver's hands; nothing is read yet. */
export class OpenedDelivery implements OpenDelivery {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Delivery["headers"];
  readonly secure: boolean;
  readonly params: Route["params"];
  readonly receivedAt: number;
  readonly #runtime: Runtime;
  readonly #delivery: Delivery;
  #media: MediaType | undefined;
  #reading: Promise<ReadBody> | undefined;
  #decoded: Promise<unknown> | undefined;
  #wasRead = false;
  #leave: (() => void) | undefined;
  #isOver = false;

  constructor(runtime: Runtime, delivery: Delivery, { params }: Route) {
    this.method = delivery.method;
    this.path = delivery.path;
    this.query = delivery.query;
    this.headers = delivery.headers;
    this.secure = delivery.secure;
    this.params = params;
    this.receivedAt = delivery.receivedAt ?? runtime.clock.now();
    this.#runtime = runtime;
    this.#delivery = delivery;
  }

  /** What its head says that the body is. Throws where the provider does not send such. */
  get media(): MediaType {
    return (this.#media ??= mediaType(this.headers, this.#runtime.provider.accepts));
  }

  /** Has the whole body been read? Else a refusal closes the connection (any.3). */
  get wasRead(): boolean {
    return this.#wasRead;
  }

  // an authenticator of the user's may take these two out of it
  readonly bytes = async (): Promise<Uint8Array> => {
    const body = await (this.#reading ??= this.#read());
    if (body.kind === "bytes") return body.bytes;
    throw alreadyRead(this.#runtime);
  };

  readonly body = (): Promise<unknown> =>
    (this.#decoded ??= (this.#reading ??= this.#read()).then((body) => decodeBody(body, this.media)));

  /** The body as evidence of what was malformed: decoded, else as text; `undefined` where neither is there. */
  evidence(): Promise<unknown> {
    return this.body()
      .catch(async () => new TextDecoder().decode(await this.bytes()))
      .catch(() => undefined);
  }

  /** Gives the room back. */
  done(): void {
    this.#isOver = true;
    this.#leave?.();
  }

  async #read(): Promise<ReadBody> {
    const { bodyLimit, bodyWithinMs } = this.#runtime;
    if (this.#isOver)
      throw new AnswerbackError("aborted", "the delivery was answered before its body was asked for");
    void this.media;
    const declared = declaredLength(this.headers["content-length"]?.[0], bodyLimit);
    this.#leave = enter(this.#runtime, declared ?? bodyLimit);
    const body = await this.#delivery.body(bodyLimit, bodyWithinMs);
    if (body.kind !== "bytes" && body.kind !== "parsed") throw unreadable(this.#runtime, body.kind);
    this.#wasRead = true;
    return body;
  }
}

function declaredLength(header: string | undefined, limit: number): number | undefined {
  if (!header || !/^\d+$/.test(header)) return undefined;
  const length = Number(header);
  if (length > limit)
    throw new AnswerbackError("too_large", `${length} bytes were declared; the limit is ${limit}`);
  return length;
}

/** Takes room for a delivery and its body (any.17). Returns the way to give it back. */
function enter({ inFlight, maxConcurrent, maxBytesInFlight }: Runtime, bytes: number): () => void {
  if (inFlight.deliveries >= maxConcurrent || inFlight.bytes + bytes > maxBytesInFlight) {
    throw new AnswerbackError("overloaded", "too many deliveries at a time");
  }
  inFlight.deliveries += 1;
  inFlight.bytes += bytes;
  return () => {
    inFlight.deliveries -= 1;
    inFlight.bytes -= bytes;
  };
}

function unreadable(runtime: Runtime, kind: Exclude<Body, ReadBody>["kind"]): AnswerbackError {
  switch (kind) {
    case "too_large":
      return new AnswerbackError(
        "too_large",
        `the body is longer than the limit of ${runtime.bodyLimit} bytes`,
      );
    case "timeout":
      return new AnswerbackError("timeout", `the body was not there within ${runtime.bodyWithinMs} ms`);
    case "aborted":
      return new AnswerbackError("aborted", "the body broke off");
    case "already_read":
      return alreadyRead(runtime);
  }
}

function alreadyRead(runtime: Runtime): AnswerbackError {
  const message = `${runtime.name}: another parser has read the body and left nothing of it: mount Answerback before the body parser`;
  runtime.warn({ code: "body_already_read", message });
  return new AnswerbackError("body_already_read", message);
}
