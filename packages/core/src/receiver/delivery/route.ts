/** Is a request the provider's? Its path under the mount tells, with a credential's own segment in front. */
import { createMatcher, splitSegment, type Route } from "../../decoding/path.ts";
import type { Provider } from "../../contract/provider.ts";

/**
 * The router of a provider: from a path to its route, `undefined` for a path that is nobody's.
 *
 * @param segment The credential's own segment (`"/:secret"`), if there is one.
 */
export function createRouter(
  { events }: Provider,
  segment: string | undefined,
): (path: string) => Route | undefined {
  const match = createMatcher(events);
  if (!segment) {
    return (path) => {
      const found = match(path);
      return found && { ...found, isKnown: true };
    };
  }
  // the segment stays out of the route, which reaches the handler and the backend
  return (path) => {
    const found = match(splitSegment(path).rest);
    return { type: found?.type, params: found?.params ?? {}, isKnown: found !== undefined };
  };
}
