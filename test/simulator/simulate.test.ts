/** The kit: a provider of one's own sends, signs, retries and takes callbacks as its terms say. */
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import { gunzipSync } from "node:zlib";
import { callbackUrls, play, send, signed, simulate, virtualClock } from "@answerback/simulator";
import type { AnyDelivery, CallbackOptions, Clock, Journal, Seen } from "@answerback/simulator";
import { OptionError } from "@answerback/core/provider";
import { describe, expect, test } from "vitest";

/** What arrived. */
interface Arrived {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** A receiver that notes what arrives, and answers with these statuses in turn. */
function receiver(...statuses: readonly number[]): { server: Server; arrived: Arrived[] } {
  const arrived: Arrived[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url, headers } = request;
      arrived.push({ method, url, headers, body: Buffer.concat(chunks) });
      response.writeHead(statuses[arrived.length - 1] ?? 200).end();
    });
  };
  return { server: createServer(listener), arrived };
}

const sleep = (clock: Clock, ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
const said = (journal: Journal) => journal.map(({ concluded }) => concluded.says);
const answered = (status: number, body = ""): Seen => ({
  kind: "answered",
  status,
  headers: {},
  body,
  tookMs: 1,
});
const order = { event: "order.paid", id: "o-1", json: { id: "o-1" } };

describe("retries", () => {
  test("a list is the wait before each attempt; then it gives up", async () => {
    const acme = simulate({ name: "acme", patience: "3s", retries: ["0s", "1m"] });
    const journal = await play(receiver(500, 503, 500).server, acme.delivery(order));
    expect(said(journal)).toEqual([
      "will retry in 0 ms, attempt 2 of 3",
      "will retry in 60 s, attempt 3 of 3",
      "gave up after 3 attempts",
    ]);
    expect(journal.map(({ provider, atMs }) => [provider, atMs])).toEqual([
      ["acme", 0],
      ["acme", 0],
      ["acme", 60_000],
    ]);
  });

  test("a function decides by what it saw", () => {
    const { conclude } = simulate({
      name: "acme",
      retries: ({ seen, sinceMs }) =>
        seen.kind === "answered" && seen.status === 410 ? undefined : `${sinceMs + 1}s`,
    }).protocol;
    expect(conclude(answered(500), { attempt: 1, sinceMs: 4 }).says).toBe("will retry in 5 s, attempt 2");
    expect(conclude(answered(410), { attempt: 2, sinceMs: 4 }).says).toBe("gave up after 2 attempts");
  });

  test("without any it sends once, and says why it was not taken", () => {
    const { conclude, patienceMs } = simulate({
      name: "acme",
      taken: ({ body }) => body === "[accepted]" || "the body must be [accepted]",
    }).protocol;
    expect(conclude(answered(200, "[accepted]"), { attempt: 1, sinceMs: 0 }).says).toBe("acknowledged");
    expect(conclude(answered(200), { attempt: 1, sinceMs: 0 }).says).toBe(
      "will never retry: 200, the body must be [accepted]",
    );
    expect(patienceMs).toBe(60_000);
  });

  test("what differs by attempt is told what was seen of the last", async () => {
    const acme = simulate({
      name: "acme",
      retries: ["1s"],
      again: (delivery, attempt, seen) => ({
        ...delivery,
        headers: {
          ...delivery.headers,
          "X-Retry": `${attempt} after ${seen?.kind === "answered" && seen.status}`,
        },
      }),
    });
    const { server, arrived } = receiver(502);
    await play(server, acme.delivery(order));
    expect(arrived.map(({ headers }) => headers["x-retry"])).toEqual([undefined, "2 after 502"]);
  });
});

describe("bodies and methods", () => {
  const acme = simulate({ name: "acme" });

  test.for<[string, AnyDelivery, Partial<Arrived>]>([
    [
      "a form",
      acme.delivery({ event: "e", form: { a: "1 2", b: undefined, "c[d]": "å" } }),
      { method: "POST", body: Buffer.from("a=1+2&c%5Bd%5D=%C3%A5") },
    ],
    [
      "bytes",
      acme.delivery({ event: "e", body: new Uint8Array([0, 255, 128]) }),
      { body: Buffer.from([0, 255, 128]) },
    ],
    [
      "nothing",
      acme.delivery({ event: "e", method: "OPTIONS", path: "/x?y=1" }),
      { method: "OPTIONS", url: "/x?y=1" },
    ],
    [
      "a GET",
      acme.delivery({ event: "e", method: "GET", mount: "/hooks", path: "?challenge=1" }),
      { url: "/hooks?challenge=1" },
    ],
    [
      "a PUT",
      acme.delivery({ event: "e", method: "PUT", body: "text" }),
      { method: "PUT", body: Buffer.from("text") },
    ],
  ])("%s arrives to the byte", async ([, delivery, expected]) => {
    const { server, arrived } = receiver();
    expect(said(await play(server, delivery))).toEqual(["acknowledged"]);
    expect(arrived).toEqual([expect.objectContaining(expected)]);
  });

  test("gzip travels as gzip, and a GET without a body has no length", async () => {
    const { server, arrived } = receiver();
    await play(server, [
      acme.delivery({ ...order, gzip: true }),
      acme.delivery({ event: "probe", method: "GET" }),
      acme.delivery({ event: "probe", method: "HEAD" }),
    ]);
    expect(gunzipSync(arrived[0]!.body).toString()).toBe('{"id":"o-1"}');
    expect(arrived[0]!.headers).toMatchObject({
      "content-encoding": "gzip",
      "content-type": "application/json",
    });
    expect(arrived.slice(1).map(({ headers }) => headers["content-length"])).toEqual([undefined, undefined]);
  });

  test("one delivery may want an answer of its own: a handshake", async () => {
    const handshake = acme.delivery({
      event: "handshake",
      method: "GET",
      path: "/?challenge=4711",
      taken: ({ body }) => body === "4711" || "the challenge is not in the answer",
    });
    const deaf = createServer((_, response) => response.end());
    const right = createServer((request, response) =>
      response.end(new URL(request.url!, "http://a").searchParams.get("challenge")),
    );
    expect(said(await play(right, handshake))).toEqual(["acknowledged"]);
    expect(said(await play(deaf, handshake))).toEqual([
      "will never retry: 200, the challenge is not in the answer",
    ]);
  });
});

describe("signatures", () => {
  const acme = simulate({
    name: "acme",
    retries: ["1m"],
    sign: ({ body }, { at, url }) => ({
      "X-Time": String(at),
      "X-Signature": createHmac("sha256", "secret")
        .update(`${at} ${url.pathname} `)
        .update(body)
        .digest("hex"),
    }),
  });

  test("every attempt is signed anew, on the provider's clock", async () => {
    const { server, arrived } = receiver(500);
    const clock = virtualClock(1_000);
    await play(server, acme.delivery({ ...order, mount: "/hooks" }), { clock });
    expect(arrived.map(({ headers }) => headers["x-time"])).toEqual(["1000", "61000"]);
    const digests = arrived.map(({ headers, body }) =>
      createHmac("sha256", "secret")
        .update(`${String(headers["x-time"])} /hooks `)
        .update(body)
        .digest("hex"),
    );
    expect(arrived.map(({ headers }) => headers["x-signature"])).toEqual(digests);
  });

  test("a header that is given stays, in any case; signed() is for other tools", () => {
    const forged = acme.delivery({ ...order, headers: { "x-signature": "forged" } });
    expect(signed(forged, { at: 5 }).headers).toEqual({
      "Content-Type": "application/json",
      "x-signature": "forged",
      "X-Time": "5",
    });
    expect(signed({ ...forged, protocol: undefined })).toEqual({ ...forged, protocol: undefined });
  });

  test("one attempt alone is signed, too", async () => {
    const { server, arrived } = receiver();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = Object(server.address());
    await send(acme.delivery(order), new URL(`http://127.0.0.1:${port}`));
    server.close();
    expect(arrived[0]!.headers["x-signature"]).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("callbacks", () => {
  const address = "https://acme.example/answers/1";
  const post = { method: "POST", headers: { "content-type": "application/json" }, body: '{"text":"Done"}' };

  /** A receiver that answers, and posts `posts` times: before its answer, at once after it, or `afterMs` later. */
  async function posted(
    terms: Partial<CallbackOptions>,
    { posts = 1, when = "after", afterMs = 0, init = post, status = 200, body = "" }: Posted = {},
  ) {
    const callbacks = callbackUrls();
    const acme = simulate({ name: "acme", patience: "3s", callback: { urlOf: () => address, ...terms } });
    const { clock, transport } = callbacks;
    const replies: Response[] = [];
    let posting = Promise.resolve();
    const postAll = async () => {
      for (let n = 0; n < posts; n++) replies.push(await transport(address, init));
    };
    const answer = async (response: ServerResponse) => {
      if (when === "before") await postAll();
      response.writeHead(status).end(body);
      if (when === "after") posting = sleep(clock, afterMs).then(postAll);
    };
    const server = createServer((_, response) => void answer(response));
    const journal = await play(server, acme.delivery(order), { callbacks, callbackWithinMs: 3_600_000 });
    await posting;
    return { callbacks, replies, journal, says: callbacks.uses.map(({ concluded }) => concluded.says) };
  }

  interface Posted {
    readonly posts?: number;
    readonly when?: "before" | "after";
    readonly afterMs?: number;
    readonly init?: { method: string; headers: Record<string, string>; body: string };
    readonly status?: number;
    readonly body?: string;
  }

  test("by default there is one use, and it is taken with 200", async () => {
    const { callbacks, says, journal } = await posted({}, { posts: 1 });
    expect(says).toEqual(["callback accepted"]);
    expect(journal[1]).toMatchObject({ kind: "callback", provider: "acme", event: "order.paid", id: "o-1" });
    expect(callbacks.accepted(address)).toEqual({ text: "Done" });
  });

  test("the uses are counted", async () => {
    const { says, replies } = await posted({ uses: 3 }, { posts: 5 });
    const usedUp = "callback refused: already used 3 times";
    expect(says).toEqual(["callback accepted", "callback accepted", "callback accepted", usedUp, usedUp]);
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 410, 410]);
  });

  test("an address expires, and its provider says so in its own words", async () => {
    const refusal = (error: string) => ({ status: 404, body: { ok: false, error } });
    const terms = { uses: 5, expires: "30m", refusal } as const;
    const last = await posted(terms, { afterMs: 1_800_000 });
    expect(last.says).toEqual(["callback accepted"]);
    const late = await posted(terms, { afterMs: 1_800_001 });
    expect(late.says).toEqual(["callback refused: expired after 1800 s"]);
    expect(await late.replies[0]!.json()).toEqual({ ok: false, error: "expired" });
  });

  test("what is posted before the acknowledgement is found out, taken or refused", async () => {
    const taken = await posted({ uses: 5 }, { when: "before" });
    expect(said(taken.journal)[0]).toBe("callback accepted, before the acknowledgement");
    expect(taken.callbacks.uses[0]).toMatchObject({ early: true });
    const refused = await posted({ uses: 5, acknowledgedFirst: true }, { when: "before" });
    expect(said(refused.journal)[0]).toBe("callback refused: posted before the acknowledgement");
    expect(refused.replies[0]!.status).toBe(409);
    const inTime = await posted({ uses: 5, acknowledgedFirst: true }, { when: "after" });
    expect(inTime.says).toEqual(["callback accepted"]);
    expect(inTime.callbacks.uses[0]).not.toHaveProperty("early");
  });

  test("what was never acknowledged takes nothing, where the terms say so", async () => {
    const { says } = await posted({ uses: 5, acknowledgedFirst: true }, { status: 500 });
    expect(says).toEqual(["callback refused: the delivery was not acknowledged"]);
  });

  test("the method, the size and the provider's own judgement", async () => {
    const put = await posted({}, { init: { ...post, method: "PUT" } });
    expect(put.says).toEqual(["callback refused: PUT, must be POST"]);
    expect(put.replies[0]!.status).toBe(405);
    const patch = await posted({ methods: ["POST", "PATCH"] }, { init: { ...post, method: "PATCH" } });
    expect(patch.journal[1]).toMatchObject({ method: "PATCH", concluded: { says: "callback accepted" } });
    const large = await posted({ limit: 15 });
    expect(large.says).toEqual(["callback refused: 15 bytes, must be less than 15"]);
    const judge: CallbackOptions["judge"] = ({ headers }, { taken, answer, sinceMs }) =>
      headers["authorization"]
        ? undefined
        : { status: 401, refused: `${taken.length} ${answer?.status} ${sinceMs}` };
    expect((await posted({ judge })).says).toEqual(["callback refused: 0 200 0"]);
  });

  test("a callback that is no use leaves the uses", async () => {
    const judge: CallbackOptions["judge"] = () => ({ status: 202, spends: false });
    const { callbacks, replies } = await posted({ judge }, { posts: 3 });
    expect(replies.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(callbacks.isOpen(address)).toBe(true);
  });

  test("an inline callback is a use, or none", async () => {
    const inline: CallbackOptions["inline"] = ({ body }) => (body ? JSON.parse(body) : undefined);
    const spending = await posted({ inline }, { body: '{"text":"Inline"}' });
    expect(spending.says).toEqual(["callback accepted", "callback refused: answered inline"]);
    expect(spending.replies.map(({ status }) => status)).toEqual([410]);
    const free = await posted({ inline, inlineSpends: false }, { body: '{"text":"Inline"}' });
    expect(free.says).toEqual(["callback accepted", "callback accepted"]);
    expect(free.callbacks.isOpen(address)).toBe(false);
  });

  test("addresses may cover others", async () => {
    const covers: CallbackOptions["covers"] = (url, base) => url.startsWith(base);
    const { callbacks } = await posted({ covers, uses: 2 });
    const reply = await callbacks.transport(`${address}/messages/1`, post);
    expect(reply.status).toBe(200);
    expect(callbacks.deliveryOf(`${address}/messages/1`)?.provider).toBe("acme");
  });
});

test.for<[string, () => unknown, string]>([
  ["no name", () => simulate({ name: "" }), "empty"],
  ["a misspelt term", () => simulate({ name: "acme", ...{ patient: "3s" } }), "unknown"],
  ["a number of ms", () => simulate({ name: "acme", retries: [5 as any] }), "invalid"],
  ["a text for retries", () => simulate({ name: "acme", retries: "1m" as any }), "invalid"],
  ["no urlOf", () => simulate({ name: "acme", callback: {} as any }), "missing"],
  [
    "half a use",
    () => simulate({ name: "acme", callback: { urlOf: () => undefined, uses: 0.5 } }),
    "invalid",
  ],
  ["two bodies", () => simulate({ name: "acme" }).delivery({ event: "e", json: 1, body: "1" }), "invalid"],
  ["no event", () => simulate({ name: "acme" }).delivery({ json: 1 } as any), "missing"],
])("%s is an OptionError", ([, make, code]) => {
  expect(make).toThrow(expect.objectContaining({ name: "OptionError", code }));
  expect(make).toThrow(OptionError);
});

test("a delivery of nobody is an OptionError with its cure", async () => {
  const { protocol: _, ...orphan } = simulate({ name: "acme" }).delivery(order);
  await expect(play("http://127.0.0.1:1", orphan)).rejects.toThrow(/simulate\(\{ … \}\)\.delivery/);
});

test("a header of the body's own is replaced, however it is written", () => {
  const acme = simulate({ name: "acme" });
  const headers = { "content-type": "application/vnd.acme+json" };
  expect(acme.delivery({ event: "order", json: {}, headers }).headers).toEqual(headers);
});
