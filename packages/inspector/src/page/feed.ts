/** Hearing of what a receiver observes, as long as somebody looks. */
import { paramsOf, type Seen } from "./api.ts";

/** Who hears. */
export interface Hearing {
  readonly onSeen: (seen: Seen) => void;
  /** Why nothing is heard, as a sentence; empty: it is. */
  readonly onState: (why: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Follows a receiver until the signal. A page that nobody sees follows nobody, since a browser has six connections to a
 * server, for all its tabs; seen again, it goes on where it was.
 */
export function follow(receiver: string, { onSeen, onState, signal }: Hearing): void {
  let source: EventSource | undefined;
  let after: string | undefined;

  function open(): EventSource {
    const feed = new EventSource(`api/feed?${paramsOf({ receiver, after })}`);
    feed.addEventListener("open", () => onState(""));
    feed.addEventListener("error", () => onState(feed.readyState === EventSource.CLOSED ? refused : lost));
    feed.addEventListener("message", ({ data, lastEventId }) => {
      after = lastEventId;
      onSeen(JSON.parse(data as string) as Seen);
    });
    return feed;
  }

  function look(): void {
    source?.close();
    source = document.hidden || signal.aborted ? undefined : open();
  }

  document.addEventListener("visibilitychange", look, { signal });
  signal.addEventListener("abort", look);
  look();
}

const refused = "The feed was refused. Load the page again to see what comes in.";
const lost = "The connection is lost. It is tried again.";
