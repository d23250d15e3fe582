/** Is a request the provider's? By its path under the mount, and a credential's own segment in front of it. */
import { createMatcher, splitSegment } from "../../decoding/path.ts";
import type { Provider } from "../../provider.ts";

/** A path that is the receiver's business. */
export interface Route {
  readonly params: Readonly<Record<string, string>>;
  /** Has the provider a meaning for the path? If not, a wrong secret in front of it is refused all the same (any.14). */
  readonly known: boolean;
  /** The event type, where the provider speaks in paths. */
  readonly type?: string | undefined;
}

/** Finds the route of a path; `undefined`: not ours. */
export type Router = (path: string) => Route | undefined;

/** The router of a provider, behind the credential's segment (`"/:secret"`) if there is one. */
export function createRouter({ events }: Provider, segment: string | undefined): Router {
  const match = createMatcher(events);
  if (!segment) {
    return (path) => {
      const found = match(path);
      return found && { ...found, known: true };
    };
  }
  // the segment itself stays here: what a route knows reaches the handler and the backend
  return (path) => {
    const found = match(splitSegment(path).rest);
    return { type: found?.type, params: found?.params ?? {}, known: found !== undefined };
  };
}
