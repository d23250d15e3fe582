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
  ])("names %s when it makes no sense: %j is %s", (option, options, code) => {
    const create = () => createGuardedFetch(options);
    expect(create).toThrow(OptionError);
    expect(create).toThrow(expect.objectContaining({ option: `createGuardedFetch: ${option}`, code }));
  });
});
