/** The four receivers as a worker of Cloudflare's: all that they make stands in its global scope. */

import { respond } from "./runtime-receivers.ts";
import type { FetchHost } from "@answerback/fetch";

export default {
  fetch: (request: Request, _env: unknown, host: FetchHost) => respond(request, host),
};
