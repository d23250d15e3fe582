/** URLs that a guarded post refuses before it asks DNS. */
import { OptionError } from "@answerback/core";
import { createGuardedFetch } from "@answerback/node";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { errorOf, scriptedLookup } from "./guarded-post.ts";

const refused = {
  "what is not https": [
    "http://callback.example/x",
    "ftp://callback.example/x",
    "javascript:alert(1)",
    "data:,x",
  ],
  "what is no URL": ["", "//callback.example/x", "https://", "https://callback example/x", "https://[::1/x"],
  "credentials in the URL": ["https://user:word@callback.example/x", "https://user@callback.example/x"],
  "an IPv4 literal": [
    ...[
      "https://127.0.0.1/x",
      "https://8.8.8.8/x",
      "https://127.0.0.1./x",
      "https://127.1/x",
      "https://2130706433/x",
    ],
    ...["https://0x7f000001/x", "https://0x7f.1/x", "https://0177.0.0.1/x", "https://①②⑦.0.0.1/x"],
    ...["https://%31%32%37.0.0.1/x", "https:127.0.0.1/x", "https:\\\\127.0.0.1\\x", "https://127。0。0。1/x"],
  ],
  "an IPv6 literal": [
    ...[
      "https://[::1]/x",
      "https://[::ffff:127.0.0.1]/x",
      "https://[0:0:0:0:0:0:0:1]/x",
      "https://[fd00:ec2::254]/x",
    ],
    ...["https://[2606:4700::1111]/x", "https://[64:ff9b::7f00:1]:443/x"],
  ],
};

describe.each(Object.entries(refused))("upsales.17 refuses %s", (_, urls) => {
  it.each(urls)("%j", async (url) => {
    const { asked, lookup } = scriptedLookup(["8.8.8.8"]);
    const init = { method: "POST", headers: {}, body: "", redirect: "manual" } as const;
    const { signal } = new AbortController();
    const error = await errorOf(createGuardedFetch({ lookup })(url, { ...init, signal }));
    expect([error.name, error.code, asked]).toEqual(["GuardedFetchError", "ERR_BLOCKED_ADDRESS", []]);
    expect(inspect(error)).not.toContain(url || "input");
  });
});

describe("upsales.17 ports beside 443", () => {
  const at = (url: string, ports: readonly number[]) => {
    const { asked, lookup } = scriptedLookup(["127.0.0.1"]);
    const fetching = createGuardedFetch({ lookup, ports })(url, {
      method: "GET",
      headers: {},
      redirect: "manual",
      signal: new AbortController().signal,
    });
    return errorOf(fetching).then(({ message }) => [message, asked.length]);
  };
  const another = "the URL has a port other than 443; if you mean it, name it in ports";
  const inner = expect.stringContaining("not on the public internet");

  it.each([
    ["https://callback.example:8443/x", []],
    ["https://callback.example:80/x", []],
    ["https://callback.example:5679/x", [5678]],
    ["https://callback.example:56780/x", [5678]],
  ])("%s is refused, unasked, where %j are allowed", async (url, ports) => {
    expect(await at(url, ports)).toEqual([another, 0]);
  });

  it.each([
    ["https://callback.example/x", []],
    ["https://callback.example:443/x", [5678]],
    ["https://callback.example:5678/x", [5678]],
    ["https://callback.example:05678/x", [8443, 5678]],
  ])("%s is looked up where %j are allowed", async (url, ports) => {
    expect(await at(url, ports)).toEqual([inner, 1]);
  });
});

describe("createGuardedFetch", () => {
  it.each([
    ["withinMs", { withinMs: 0 }, "out_of_range"],
    ["withinMs", { withinMs: Number.NaN }, "invalid"],
    ["withinMs", { withinMs: "10s" as unknown as number }, "invalid"],
    ["withinMs", { withinMs: 2 ** 31 }, "out_of_range"],
    ["limit", { limit: -1 }, "out_of_range"],
    ["limit", { limit: 1.5 }, "invalid"],
    ["allow", { allow: ["10.0.0.0/8"] }, "invalid"],
    ["allow", { allow: ["localhost"] }, "invalid"],
    ["ports", { ports: [0] }, "out_of_range"],
    ["ports", { ports: [65_536] }, "out_of_range"],
    ["ports", { ports: [443.5] }, "invalid"],
    ["ports", { ports: ["443"] as unknown as number[] }, "invalid"],
    ["ports", { ports: 5678 as unknown as number[] }, "invalid"],
  ])("names %s when it makes no sense: %j is %s", (option, options, code) => {
    const create = () => createGuardedFetch(options);
    expect(create).toThrow(OptionError);
    expect(create).toThrow(expect.objectContaining({ option: `createGuardedFetch: ${option}`, code }));
  });
});
