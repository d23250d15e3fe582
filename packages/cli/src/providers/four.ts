/** The four providers of core, as the simulator's builders and scenarios have them. */
import { deliveries, scenarios, type Scenario } from "@answerback/simulator";
import { wrong } from "../exit.ts";
import type { Making, Played, ProviderEntry, Sendable } from "./provider.ts";

/** Upsales: the key travels in the body. */
export const upsales: ProviderEntry = {
  name: "upsales",
  hasAddress: true,
  takes: "--secret: the app's authentication key, sent in every body",
  play({ secret }) {
    const given = ({ seed, mount, headers, fields }: Making) => {
      const { data, body } = parted(fields);
      const key = secret === undefined ? {} : { authenticationKey: secret };
      return { seed, mount, headers, data, body, ...key };
    };
    const plain = entries(deliveries.upsales, withArgument, (build) => (making) => build(given(making)));
    const { testField, fieldValues, widget, widgetRow, other } = deliveries.upsales;
    const of = (build: typeof other, argument: string): Sendable => ({
      argument,
      build: (making, value) => build(value, given(making)),
    });
    return playing(scenarios.upsales, {
      ...plain,
      testField: of(testField, "field"),
      fieldValues: of(fieldValues, "field"),
      widget: of(widget, "name"),
      widgetRow: of(widgetRow, "name/row"),
      other: of((path, options) => other(path.startsWith("/") ? path : `/${path}`, options), "path"),
    });
  },
};

const withArgument = ["testField", "fieldValues", "widget", "widgetRow", "other", "again"];

/** `body.user` is a field of the whole body, `id` one of what the event is about. */
function parted(fields: Making["fields"]) {
  const named = Object.entries(fields);
  const inBody = named.filter(([name]) => name.startsWith("body."));
  return {
    body: Object.fromEntries(inBody.map(([name, value]) => [name.slice("body.".length), value])),
    data: Object.fromEntries(named.filter(([name]) => !name.startsWith("body."))),
  };
}

/** Uphance: the secret is a part of the address. */
export const uphance: ProviderEntry = {
  name: "uphance",
  takes: "the secret is a part of the address; judge wants it as --secret, too",
  play() {
    const given = ({ fields: object, ...making }: Making) => ({ ...making, object });
    return playing(scenarios.uphance, {
      ...entries(deliveries.uphance, withArgument, (build) => (making) => build(given(making))),
      other: {
        argument: "event",
        build: (making, event) => deliveries.uphance.other(event, given(making)),
      },
    });
  },
};

/** App Inbox: Basic credentials. */
export const appInbox: ProviderEntry = {
  name: "app-inbox",
  takes: "--user: Basic credentials, if the receiver wants some",
  play({ user }) {
    const given = ({ fields: message, ...making }: Making) => ({
      ...making,
      message,
      ...(user && { auth: user }),
    });
    return playing(scenarios.appInbox, {
      message: { build: (making) => deliveries.appInbox.message(given(making)) },
      list: {
        argument: "how many",
        optional: true,
        build: (making, length) => deliveries.appInbox.list({ ...given(making), ...countOf(length) }),
      },
    });
  },
};

function countOf(length: string): { readonly count?: number } {
  if (length === "") return {};
  if (/^\d{1,6}$/.test(length)) return { count: Number(length) };
  throw wrong(`list:${length} is not a number of messages, such as list:1000`);
}

/** Postback: Basic credentials. */
export const postback: ProviderEntry = {
  name: "postback",
  takes: "--user: Basic credentials, if the receiver wants some",
  play({ user }) {
    const given = ({ fields: data, ...making }: Making) => ({ ...making, data, ...(user && { auth: user }) });
    return playing(scenarios.postback, {
      ...entries(deliveries.postback, withArgument, (build) => (making) => build(given(making))),
      other: {
        argument: "resource.type",
        build(making, event) {
          const [resource = "", type = "CREATE"] = event.split(".");
          return deliveries.postback.other(type.toUpperCase(), resource, given(making));
        },
      },
    });
  },
};

/** The builders that take nothing but options. */
function entries<Builders extends object>(
  builders: Builders,
  but: readonly string[],
  sendable: (build: (options: any) => any) => Sendable["build"],
): Record<string, Sendable> {
  const named = Object.entries(builders).filter(([name]) => !but.includes(name));
  return Object.fromEntries(named.map(([name, build]) => [name, { build: sendable(build) }]));
}

function playing(all: readonly Scenario[], events: Played["events"]): Played {
  // none of the four signs what it sends
  return { events, scenarios: () => all, notes: [], published: {} };
}
