/** Deliveries as an authenticator opens them. */
import type { OpenDelivery } from "../../packages/core/src/contract/authenticator.ts";

/** An open delivery whose body may be read only if there is one. */
export function openDelivery(parts: Partial<OpenDelivery> & { readonly json?: unknown } = {}): OpenDelivery {
  const { json, ...given } = parts;
  return {
    method: "POST",
    path: "/",
    query: "",
    url: undefined,
    headers: {},
    params: {},
    secure: false,
    receivedAt: 0,
    deny: () => false,
    bytes: unread,
    body: json === undefined ? unread : () => Promise.resolve(json),
    ...given,
  };
}

function unread(): Promise<never> {
  return Promise.reject(new Error("the body was opened"));
}
