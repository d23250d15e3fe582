/** A stranger's provider in a house, and its receiver as the simulator judges it. */
import { createReceiver, type ReceiverOptions } from "@answerback/core";
import { createExpressMiddleware } from "@answerback/express";
import { signed, type AnyDelivery, type Bench, type BuiltSubject } from "@answerback/simulator";
import express from "express";
import { onTestFinished } from "vitest";
import { frameworks, type Framework } from "../support/frameworks.ts";
import { openHouse, type House, type HouseOptions } from "../support/house.ts";

/** The two that the suites here run on. */
export const two: readonly Framework[] = frameworks.filter(({ name }) => /^(Express 5|Koa 3)$/.test(name));

/** A house whose provider signs for itself, at `/hooks/own`. */
export function openOwn(
  framework: Framework,
  { options, ...given }: HouseOptions & { readonly provider: unknown },
): Promise<House> {
  return openHouse(framework, "uphance", {
    mount: { at: "/hooks/own" },
    ...given,
    options: { requireHttps: false, authenticate: undefined, ...options },
  });
}

/** Sends what a sender of the simulator sends, signed, at once. */
export async function deliver(
  { url }: House,
  delivery: AnyDelivery,
  headers: Record<string, string> = {},
): Promise<{ readonly status: number; readonly headers: Headers; readonly text: string }> {
  const { path, method, headers: own, body } = signed(delivery);
  const bodied = method === "GET" || method === "OPTIONS" ? {} : { body: body as string };
  const response = await fetch(url + path, { method, headers: { ...own, ...headers }, ...bodied });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/**
 * A receiver of the provider for each scenario; the judge is handed the id that `idOf` finds in an event. `otherwise` is
 * what the handler returns where the judge has no answer.
 */
export function judged(
  provider: any,
  idOf: (event: any) => unknown,
  { otherwise, ...options }: Partial<ReceiverOptions> & { readonly otherwise?: unknown } = {},
): BuiltSubject {
  const build = ({ handle, clock, transport }: Bench) => {
    const receiver = createReceiver(provider, {
      clock,
      transport,
      onError: () => {},
      warn: () => {},
      ...options,
      handle: async (event: any) => (await handle(idOf(event))) ?? otherwise,
    });
    onTestFinished(() => receiver.close());
    return express().use("/hooks/own", createExpressMiddleware(receiver));
  };
  return { build };
}
