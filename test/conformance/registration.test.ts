/** What must be registered with the provider agrees with the receiver: what was registered is let in and handled. */
import {
  appInbox,
  basicAuth,
  bodySecret,
  createReceiver,
  parsePostbackConfig,
  postback,
  querySecret,
  uphance,
  upsales,
  urlSecret,
  type Warning,
} from "@answerback/core";
import { describe, expect, it } from "vitest";
import { sample, send, withHeaders } from "../support/deliveries.ts";
import { frameworks } from "../support/frameworks.ts";
import { openHouse } from "../support/house.ts";

const secret = "0b6f4a3c9d1e4f7fa2c58e7d6b901234";
const pair = { username: "hook", password: "correct-horse-battery" };
const handled = { handle: { "contact.create": () => {}, "contact.update": () => {} } };
const contact = {
  url: "https://example.com/hooks/postback",
  resource: "contact",
  location_id: "23948sdnfia1129i9asf92",
};

describe.each(frameworks)("$name", (framework) => {
  it("register.1 a postback that is sent as its config says is let in", async () => {
    const house = await openHouse(framework, "postback");
    const { postbackconfig: config } = house.receiver.registration({
      ...contact,
      url: `${house.url}/hooks/postback`,
    });
    const Authorization = `Basic ${btoa(`${config.basic_auth_username}:${config.basic_auth_password}`)}`;
    const delivery = withHeaders(sample("postback/contact-delete"), { Authorization });
    expect((await send("", { ...delivery, path: config.url })).status).toBe(200);
  });

  it("register.2 App Inbox' credentials are those that are let in", async () => {
    const house = await openHouse(framework, "app-inbox");
    const { url, auth } = house.receiver.registration({ url: `${house.url}/hooks/inbox` });
    const Authorization = `Basic ${btoa(`${auth.username}:${auth.password}`)}`;
    expect(
      (await send("", { ...withHeaders(sample("app-inbox/message"), { Authorization }), path: url })).status,
    ).toBe(200);
  });

  it("register.3 Uphance's address has its secret in it", async () => {
    const house = await openHouse(framework, "uphance");
    const { url } = house.receiver.registration({ url: "https://example.com/hooks/uphance" });
    const { pathname } = new URL(url);
    expect((await house.deliver({ ...sample("uphance/pick-ticket-update"), path: pathname })).status).toBe(
      200,
    );
  });

  it("register.3 Upsales' paths are those that are answered", async () => {
    const house = await openHouse(framework, "upsales", {
      handle: { external: () => {}, "order.insert": () => {} },
    });
    const { paths } = house.receiver.registration({ url: "https://example.com/upsales" });
    expect(paths.toSorted()).toEqual(["/external", "/orderinsert/:id"]);
    expect((await house.deliver(sample("upsales/external-without-user"))).status).toBe(200);
  });
});

it("register.1 the config is the page's, field by field", () => {
  const receiver = createReceiver(postback(), {
    authenticate: basicAuth([pair, { username: "hook", password: "old" }]),
    ...handled,
  });
  expect(receiver.registration(contact)).toEqual({
    postbackconfig: {
      attempt_interval: 300,
      basic_auth_username: "hook",
      basic_auth_password: "correct-horse-battery",
      expands: "",
      format: "api-default",
      is_active: "1",
      location_id: "23948sdnfia1129i9asf92",
      number_of_attempts: 5,
      on_create: "1",
      on_delete: "0",
      on_update: "1",
      resource: "contact",
      url: "https://example.com/hooks/postback",
    },
  });
  const open = createReceiver(postback(), { authenticate: false, handle: () => {}, name: "open" });
  expect(open.registration({ ...contact, is_active: false, on_update: false }).postbackconfig).toMatchObject({
    ...{
      basic_auth_username: null,
      basic_auth_password: null,
      is_active: "0",
      on_update: "0",
      on_delete: "1",
    },
  });
});

it.each([
  [{ number_of_attempts: 0 }, "out_of_range", /number_of_attempts: 0 is not a whole number from 1 to 5/],
  [{ number_of_attempts: 6 }, "out_of_range", /from 1 to 5/],
  [{ number_of_attempts: 1.5 }, "invalid", /from 1 to 5/],
  [{ attempt_interval: 299 }, "out_of_range", /interval: 299 is not a whole number from 300 to 86400/],
  [{ attempt_interval: 86_401 }, "out_of_range", /attempt_interval/],
  [{ attempt_interval: NaN }, "invalid", /attempt_interval/],
  [{ resource: " " }, "empty", /resource: it is empty; the config needs it/],
  [{ resource: undefined }, "missing", /resource: it is missing; the config needs it/],
  [{ location_id: "" }, "empty", /location_id: it is empty; the config needs it/],
  [{ url: undefined }, "missing", /give the address of the mount/],
  [{ url: "example.com" }, "invalid", /not an absolute address/],
  [{ url: "ftp://example.com" }, "invalid", /http\(s\)/],
  [{ url: "https://example.com/?a=1" }, "invalid", /without query/],
])("register.1 refuses %j: %s", (wrong, code, message) => {
  const receiver = createReceiver(postback(), { authenticate: basicAuth(pair), ...handled });
  const register = () => receiver.registration({ ...contact, ...(wrong as typeof contact) });
  expect(register).toThrow(expect.objectContaining({ name: "OptionError", code }));
  expect(register).toThrow(message);
});

it("postback.3 register.1 warns below three attempts", () => {
  const warnings: Warning[] = [];
  const warn = (warning: Warning) => void warnings.push(warning);
  const receiver = createReceiver(postback(), { authenticate: basicAuth(pair), warn, ...handled });
  for (const number_of_attempts of [1, 2, 3]) receiver.registration({ ...contact, number_of_attempts });
  expect(warnings.filter(({ code }) => code === "few_attempts")).toHaveLength(2);
});

it("register.1 the provider's answer is parsed, and refused if it is none", () => {
  const config = {
    id: "1028asnfias9f2j9sddf92jrwfskd",
    resource: "contact",
    url: "https://127.0.0.1/receiver",
    number_of_attempts: 1,
    attempt_interval: 300,
    created_ts: 1539268970,
  };
  expect(parsePostbackConfig({ postbackconfig: config })).toEqual(config);
  expect(() => parsePostbackConfig({ error: "no" })).toThrow(expect.objectContaining({ code: "malformed" }));
});

it("register.2 register.3 secrets stand where the provider has to send them", () => {
  const inbox = createReceiver(appInbox(), { authenticate: basicAuth(pair), handle: () => {} });
  expect(inbox.registration({ url: "https://example.com/inbox/" })).toEqual({
    url: "https://example.com/inbox",
    auth: { type: "basic", ...pair },
  });
  const open = createReceiver(appInbox(), { authenticate: false, handle: () => {}, name: "open" });
  expect(open.registration({ url: "https://example.com/inbox" })).toEqual({
    url: "https://example.com/inbox",
  });
  const hook = createReceiver(uphance(), {
    authenticate: urlSecret(secret),
    requireHttps: true,
    handle: { "pick_ticket.update": () => {} },
  });
  expect(hook.registration({ url: "https://example.com/hook" })).toEqual({
    url: `https://example.com/hook/${secret}`,
    where: "Apps > Uphance API > New Webhook",
    events: ["pick_ticket_update"],
  });
  expect(() => hook.registration({ url: "http://example.com/hook" })).toThrow(/https addresses only/);
  const query = createReceiver(uphance(), {
    authenticate: querySecret("secret", secret),
    requireHttps: true,
    handle: () => {},
    name: "query",
  });
  expect(query.registration({ url: "https://example.com/hook" }).url).toBe(
    `https://example.com/hook?secret=${secret}`,
  );
  const app = createReceiver(upsales({ paths: { "/validateOrder": "order.validate" } }), {
    authenticate: bodySecret("authenticationKey", "key"),
    handle: () => {},
  });
  expect(app.registration({ url: "https://example.com/upsales" }).paths).toContain("/validateOrder");
});
