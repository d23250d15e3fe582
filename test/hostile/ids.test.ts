/** Row "ids": what is no id is refused, and an odd one is data like any other. */
import { describe, expect, it } from "vitest";
import { frameworks } from "../support/frameworks.ts";
import { besiege, fresh, statuses, type Besieged } from "../support/hostile.ts";
import type { ProviderName } from "../support/house.ts";

const noIds: readonly string[] = [
  ...[
    '""',
    '" "',
    '"\\t\\n"',
    '"\\u00a0\\u3000"',
    '"\\ufeff"',
    "null",
    "true",
    "false",
    "{}",
    "[]",
    "[1]",
    '{"id":1}',
  ],
  ...[
    "9007199254740992",
    "-9007199254740992",
    "1.5",
    "1e21",
    "1e-7",
    `"${"x".repeat(1_001)}"`,
    `"${"x".repeat(10_000)}"`,
  ],
];

/** Ids that are no harm as data: stored, told to observers as data, never merged. */
const oddIds: readonly string[] = [
  ...[
    "../../etc/passwd",
    "..\\..",
    "'; DROP TABLE records;--",
    '"',
    "*",
    ":",
    "a:b",
    "{tag}",
    "a\r\nSet-Cookie: x",
    "\u001b[2J",
  ],
  ...[
    "\0",
    "a\0",
    "a",
    "A",
    "\u00e5",
    "a\u030a",
    "\u212b",
    "\u00c5",
    "\ud800",
    "\ufffd",
    "\u202ea",
    "a ",
    " a",
    "1",
    "01",
    "1.0",
    "null",
  ],
  ...[
    "__proto__",
    "constructor",
    "toString",
    "$ne",
    "%s%n",
    "${7*7}",
    "{{7*7}}",
    "<script>",
    "\u{1f511}",
    "x".repeat(1_000),
  ],
];

describe.each(frameworks)("$name", (framework) => {
  const json = { "Content-Type": "application/json" };
  const open = (name: ProviderName): Promise<Besieged> =>
    besiege(framework, name, { options: name === "upsales" ? { authenticate: false } : {} });

  it("any.6 uphance.1 inbox.1 postback.2 what is no id is malformed", async () => {
    const bodies: readonly [ProviderName, (id: string) => string][] = [
      ["uphance", (id) => `{"event":"invoice_create","invoice":{"id":${id}}}`],
      ["app-inbox", (id) => `{"id":${id}}`],
      ["postback", (id) => `{"type":"CREATE","resource":"contact","data":{"id":${id}}}`],
      ["upsales", (id) => fresh("upsales").body.replace('"appId":123', `"appId":${id}`)],
      ["upsales", (id) => fresh("upsales").body.replace('"id":10488', `"id":${id}`)],
    ];
    for (const [name, bodyWith] of bodies) {
      const house = await open(name);
      for (const id of noIds)
        expect([name, id, ...statuses(await house.attack({ headers: json, body: bodyWith(id) }))]).toEqual([
          name,
          id,
          400,
        ]);
      await house.unharmed();
    }
  });

  it("any.6 any.10 an odd id is handed over as it is, and two that look alike are two", async () => {
    const house = await open("uphance");
    for (const id of oddIds) {
      const body = JSON.stringify({ event: "invoice_create", invoice: { id } });
      for (const _ of [1, 2]) expect([id, ...statuses(await house.attack({ body }))]).toEqual([id, 200]);
    }
    expect(house.events.map(({ data }) => data.id)).toEqual(oddIds);
    expect(new Set(house.events.map(({ key }) => key)).size).toBe(oddIds.length);
    for (const { key } of house.events) expect(key).toMatch(/^[\w-]{43}$/);
    await house.unharmed({ handled: oddIds.length });
  });

  it("uphance.2 an event name that objects have of their own is a name like any other", async () => {
    const house = await open("uphance");
    for (const event of [
      "__proto__",
      "constructor",
      "toString",
      "hasOwnProperty_create",
      "__proto___update",
      "\u001b[31m_delete",
    ]) {
      const body = JSON.stringify({ event, id: 1 });
      expect([event, ...statuses(await house.attack({ body }))]).toEqual([event, 200]);
      expect(house.events.at(-1)).toMatchObject({ type: "*", name: event });
    }
    await house.unharmed({ handled: 6 });
  });

  it("inbox.2 in a list the bad items fail alone, and what is no list of messages is malformed", async () => {
    const house = await open("app-inbox");
    const good = JSON.parse(fresh("app-inbox").body);
    for (const body of [[1], [null], [[good]], [{}], ["x", { id: " " }]])
      expect(statuses(await house.attack({ body: JSON.stringify(body) }))).toEqual([400]);
    expect(house.events).toEqual([]);
    expect(statuses(await house.attack({ body: JSON.stringify([null, good, { id: 1 }, good]) }))).toEqual([
      200,
    ]);
    await house.unharmed({ handled: 1 });
  });
});
