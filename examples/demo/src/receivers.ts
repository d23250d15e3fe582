/** The four receivers: who may send, and what becomes of each event. */
import { appInbox, basicAuth, bodySecret, createReceiver, later } from "@answerback/core";
import { postback, uphance, upsales, urlSecret, type Receiver, type ReceiverOptions } from "@answerback/core";
import * as registered from "./registered.ts";

/** What the receivers live in: the options that all four share, and a notebook of what their handlers see. */
export interface World extends Pick<ReceiverOptions, "backend" | "random" | "transport" | "warn"> {
  readonly clock: NonNullable<ReceiverOptions["clock"]>;
  saw(what: string): void;
}

export type Receivers = Readonly<Record<"upsales" | "uphance" | "appInbox" | "postback", Receiver>>;

export function createReceivers(world: World): Receivers {
  return {
    upsales: createUpsalesReceiver(world),
    uphance: createUphanceReceiver(world),
    appInbox: createAppInboxReceiver(world),
    postback: createPostbackReceiver(world),
  };
}

function createUpsalesReceiver({ saw, ...world }: World): Receiver {
  const receiver: Receiver = createReceiver(upsales(), {
    ...world,
    authenticate: bodySecret("authenticationKey", registered.upsales.authenticationKey),
    handle: {
      "order.insert": ({ params }) => {
        saw(`order ${params.id}`);
        return { callback: { message: "Seen" } };
      },

      external: async () => {
        saw("starts 90 s of work");
        await sleep(world, 90_000);
        saw("is done");
        return { callback: { notify: "Crunched" } };
      },

      "agreement.insert": ({ key }) => {
        saw("asks Ann");
        world.clock.after(3 * 3_600_000, () => {
          saw("Ann signs");
          void receiver.answer(key, { callback: { message: "Signed" } });
        });
        return later();
      },

      notification: ({ data }) => {
        saw(`log entry ${data?.id}`);
        return { type: "widget", rows: [{ type: "title", text: "Hello!" }] };
      },
    },
  });
  return receiver;
}

function createUphanceReceiver({ saw, ...world }: World): Receiver {
  return createReceiver(uphance(), {
    ...world,
    authenticate: urlSecret(registered.uphance.secret),
    requireHttps: true,
    handle: {
      "pick_ticket.update": async ({ data }) => {
        saw(`pick ticket ${data.id}`);
        await sleep(world, 2_000);
      },
    },
  });
}

function createAppInboxReceiver({ saw, ...world }: World): Receiver {
  return createReceiver(appInbox(), {
    ...world,
    authenticate: basicAuth(registered.appInbox.auth),
    handle: { message: ({ data }) => saw(data.externalCustomerId ?? "somebody") },
  });
}

function createPostbackReceiver({ saw, ...world }: World): Receiver {
  return createReceiver(postback(), {
    ...world,
    authenticate: basicAuth(registered.postback.auth),
    // the demo fails on purpose; in an app, this is where errors are reported
    onError: () => {},
    handle: {
      "contact.create": ({ data }, { attempt }) => {
        saw(`${data.first_name} ${data.last_name}`);
        if (attempt === 1) throw new Error("the database is away");
      },
    },
  });
}

function sleep({ clock }: Pick<World, "clock">, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}
