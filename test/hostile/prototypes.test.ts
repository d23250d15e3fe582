/** Row "prototype": keys that were chosen to reach what every object has in common. */
import { describe, expect, it } from "vitest";
import { frameworks } from "../support/frameworks.ts";
import { besiege, fresh, statuses, type Besieged } from "../support/hostile.ts";
import { providers, type ProviderName } from "../support/house.ts";

const names = Object.keys(providers) as ProviderName[];

/** Members of an object that name a prototype. */
const prototypes: readonly string[] = [
  '"__proto__":{"polluted":1}',
  '"__proto__":null',
  '"__proto__":"x"',
  '"__proto__":[]',
  '"\\u005f\\u005fproto\\u005f\\u005f":{"polluted":1}',
  '"\\u005F_proto__":1',
  '"__prot\\u006f__":{"polluted":1}',
  '"__proto__":1,"__proto__":2',
  '"constructor":{"prototype":{"polluted":1}}',
  '"constructor":{"prototype":null}',
  '"con\\u0073tructor":{"prototype":{"polluted":1}}',
  '"constructor":{"prot\\u006ftype":{"polluted":1}}',
  '"\\u0063onstructor":{"a":1,"\\u0070rototype":1}',
  '"constructor" : {"prototype":1}',
];

/** Near misses, which are names like any other. */
const plain =
  '"proto":1,"__proto":2,"prototype":{"a":1},"constructor":"x","__PROTO__":3,"\\\\u005f_proto__":4,"toString":5';

/** Where such members stand: at the top, in objects, in lists, deep. */
const places: readonly ((members: string) => string)[] = [
  (members) => members,
  (members) => `"x":{${members}}`,
  (members) => `"x":[1,[{${members}}]]`,
  (members) => `"x":${'{"a":'.repeat(60)}{${members}}${"}".repeat(60)}`,
];

describe.each(frameworks)("$name", (framework) => {
  const json = { "Content-Type": "application/json" };
  const open = (name: ProviderName): Promise<Besieged> =>
    besiege(framework, name, { options: name === "upsales" ? { authenticate: false } : {} });
  const goodJson = (name: ProviderName) => {
    const { body } = fresh(name);
    if (name !== "postback") return body;
    return JSON.stringify({ type: "CREATE", resource: "contact", data: { id: body.slice(-40) } });
  };

  it.each(names)(
    "any.6 %s: a key that names a prototype is malformed, at any depth and spelling",
    async (name) => {
      const house = await open(name);
      for (const members of prototypes) {
        for (const place of places) {
          const body = goodJson(name).replace("{", `{${place(members)},`);
          expect([body.slice(0, 60), ...statuses(await house.attack({ headers: json, body }))]).toEqual([
            body.slice(0, 60),
            400,
          ]);
        }
      }
      await house.unharmed();
    },
  );

  it.each(names)("any.6 %s: keys that only look like it are names like any other", async (name) => {
    const house = await open(name);
    for (const place of places.slice(1)) {
      const body = goodJson(name).replace("{", `{${place(plain)},`);
      expect([body.slice(0, 60), ...statuses(await house.attack({ headers: json, body }))]).toEqual([
        body.slice(0, 60),
        200,
      ]);
    }
    await house.unharmed({ handled: house.events.length });
  });
});
