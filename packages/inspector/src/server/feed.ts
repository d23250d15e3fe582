/** The live feed: server-sent events of what a receiver observes (HTML, section 9.2). */
import { Readable } from "node:stream";
import { receiverOf } from "./looks.ts";
import { refusal, type Asked, type Inside, type Reply } from "./plain.ts";
import type { Seen } from "./watch.ts";

/** How many may look at once, and how many bytes may wait for a reader who does not come. */
const [mostLookers, mostBytes] = [32, 1_048_576];

/** How much of what was seen before the feed begins with. */
const mostBefore = 200;

/** How often a connection says that it is there: ms. */
const beatMs = 15_000;

/** no-transform: nobody in between holds lines back to compress them. */
const headers = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store, no-transform",
  "x-accel-buffering": "no",
};

/** Follows a receiver until the connection ends. It begins with what was seen before. */
export function feed({ settings, watch }: Inside, { method, query, headers: sent }: Asked): Reply {
  const asked = new URLSearchParams(query);
  const receiver = receiverOf(settings, asked.get("receiver"));
  if (watch.isClosed) return refusal(503, "the inspector is closed");
  if (watch.listeners >= mostLookers) return refusal(503, `${mostLookers} look already`);
  if (method === "HEAD") return { status: 200, headers, body: "" };
  let beat: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
  const events = new Readable({
    read() {},
    destroy(error, done) {
      clearInterval(beat);
      stop?.();
      done(error);
    },
  });
  const say = (text: string) => {
    // whoever does not read is no reason to remember all of it
    if (events.readableLength > mostBytes) events.destroy();
    else events.push(text);
  };
  say(": the feed begins\n\n");
  const known = watch.numberOf(sent["last-event-id"] ?? asked.get("after"));
  for (const seen of watch.seen(receiver.name).slice(-mostBefore))
    if (seen.number > known) say(eventOf(watch.era, seen));
  beat = setInterval(say, beatMs, ": still here\n\n").unref();
  stop = watch.listen({
    receiver: receiver.name,
    heard: (seen) => say(eventOf(watch.era, seen)),
    ended() {
      clearInterval(beat);
      events.push(null);
    },
  });
  return { status: 200, headers, body: events };
}

function eventOf(era: string, seen: Seen): string {
  return `id: ${era}.${seen.number}\ndata: ${JSON.stringify(seen)}\n\n`;
}
