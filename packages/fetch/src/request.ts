/** The requests that a handler takes. */

/** A request that keeps its body for whoever comes later, as Hono's `c.req` does. */
export interface RememberedRequest {
  /** The request itself. */
  readonly raw: Request;
  /** The body as it travelled, although somebody has read it. Rejects where it was not kept. */
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** A request, remembered or not. */
export type FetchRequest = Request | RememberedRequest;

/** The request itself. */
export function rawOf(request: FetchRequest): Request {
  return "raw" in request ? request.raw : request;
}
