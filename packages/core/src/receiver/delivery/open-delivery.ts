/** A delivery whose body opens on demand: what the head declares, room, the bytes, then what they say. */
import type { OpenDelivery } from "../../authenticators/authenticator.ts";
import { decodeBody, type ReadBody } from "../../decoding/body.ts";
import { mediaType, type MediaType } from "../../decoding/media-type.ts";
import type { Body, Delivery } from "../../delivery.ts";
import { AnswerbackError } from "../../errors.ts";
import type { Route } from "./route.ts";
import type { Runtime } from "../runtime.ts";

/** A delivery in the receiver's hands. */
export interface OpenedDelivery extends OpenDelivery {
  /** What its head says that the body is. Throws where the provider does not send such. */
  media(): MediaType;
  /** Has the whole body been read? Else a refusal closes the connection (any.3). */
  wasRead(): boolean;
  /** The body as evidence of what was malformed: decoded, else as text; `undefined` where neither is there. */
  evidence(): Promise<unknown>;
  /** Gives the room back. */
  done(): void;
}

/** Opens a delivery; nothing is read yet. */
export function openDelivery(runtime: Runtime, delivery: Delivery, route: Route): OpenedDelivery {
  const { headers, method, path, query, secure } = delivery;
  let media: MediaType | undefined;
  let reading: Promise<ReadBody> | undefined;
  let decoded: Promise<unknown> | undefined;
  let read = false;
  let leave = () => {};
  let over = false;

  async function readOnce(): Promise<ReadBody> {
    const { bodyLimit, bodyWithinMs } = runtime;
    if (over) throw new AnswerbackError("aborted", "the delivery was answered before its body was asked for");
    opened.media();
    const declared = declaredLength(headers["content-length"]?.[0], bodyLimit);
    leave = enter(runtime, declared ?? bodyLimit);
    const body = await delivery.body(bodyLimit, bodyWithinMs);
    if (body.kind !== "bytes" && body.kind !== "parsed") throw unreadable(runtime, body.kind);
    read = true;
    return body;
  }

  const opened: OpenedDelivery = {
    method,
    path,
    query,
    headers,
    secure,
    params: route.params,
    receivedAt: delivery.receivedAt ?? runtime.clock.now(),
    media: () => (media ??= mediaType(headers, runtime.provider.accepts)),
    wasRead: () => read,
    done() {
      over = true;
      leave();
    },
    async bytes() {
      const body = await (reading ??= readOnce());
      if (body.kind === "bytes") return body.bytes;
      throw alreadyRead(runtime);
    },
    body() {
      decoded ??= (reading ??= readOnce()).then((body) => decodeBody(body, opened.media()));
      return decoded;
    },
    evidence: () =>
      opened
        .body()
        .catch(async () => new TextDecoder().decode(await opened.bytes()))
        .catch(() => undefined),
  };
  return opened;
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
