/** What the headers say of a body. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mediaType } from "../../packages/core/src/decoding/media-type.ts";
import { isAnswerbackError } from "../../packages/core/src/contract/errors.ts";

const json = (...values: string[]) => mediaType({ "content-type": values }, { accepts: ["json"] });
const withHeader = (name: string, ...values: string[]) =>
  mediaType({ "content-type": ["application/json"], [name]: values }, { accepts: ["json"] });
const refused = (code: string) => expect.objectContaining({ code });

describe("any.2 media types", () => {
  test.each([
    "application/json",
    "Application/JSON",
    "application/json;charset=UTF-8",
    'application/json ; charset="utf-8"',
    "application/json; v=1; charset=utf-8",
    "application/vnd.api+json",
    "application/json;",
  ])("%s is JSON in utf-8", (header) => {
    expect(json(header)).toEqual({ format: "json", charset: "utf-8" });
  });

  test("parameters never change the type of a form", () => {
    const header = "application/x-www-form-urlencoded; charset=UTF-8";
    expect(mediaType({ "content-type": [header] }, { accepts: ["form", "json"] })).toEqual({
      format: "form",
      charset: "utf-8",
    });
  });

  test.each([
    "",
    "text/plain",
    "multipart/form-data; boundary=x",
    "application/json, text/html",
    "text/html, a/x+json",
    "json",
    "a/b/c+json",
    "application/jsonx",
    "application/x-www-form-urlencoded",
  ])("%j is an unsupported media type", (header) => {
    expect(() => json(header)).toThrow(refused("unsupported_media_type"));
  });

  test("no Content-Type is unsupported, two are malformed", () => {
    expect(() => mediaType({}, { accepts: ["json"] })).toThrow(refused("unsupported_media_type"));
    expect(() => json("application/json", "application/json")).toThrow(refused("malformed"));
  });

  test("no Content-Type is what the provider says that it is; an empty one is unsupported all the same", () => {
    expect(mediaType({}, { accepts: ["json"], untyped: "json" })).toEqual({
      format: "json",
      charset: "utf-8",
    });
    expect(() => mediaType({ "content-type": [""] }, { accepts: ["json"], untyped: "json" })).toThrow(
      refused("unsupported_media_type"),
    );
    expect(() => mediaType({ "content-encoding": ["gzip"] }, { accepts: ["json"], untyped: "json" })).toThrow(
      refused("unsupported_media_type"),
    );
  });

  test.each(["utf-7", "bogus", "", "hz-gb-2312"])("charset %j is unknown", (charset) => {
    expect(() => json(`application/json;charset="${charset}"`)).toThrow(refused("unsupported_media_type"));
  });

  test("a charset that TextDecoder knows is taken", () => {
    expect(json("application/json;charset=ISO-8859-1").charset).toBe("windows-1252");
  });

  test("Content-Encoding may be identity and nothing else", () => {
    expect(withHeader("content-encoding", "Identity").format).toBe("json");
    for (const values of [
      ["gzip"],
      ["br"],
      ["identity, gzip"],
      ["identity", "x1000"],
      [Array(1_000).fill("gzip").join()],
    ]) {
      expect(() => withHeader("content-encoding", ...values)).toThrow(refused("unsupported_media_type"));
    }
  });

  test.each([
    ["gzip", "gzip"],
    ["X-GZIP", "gzip"],
    [" deflate ", "deflate"],
    ["identity, gzip", "gzip"],
    ["identity", undefined],
  ])("any.33 where the provider compresses, the Content-Encoding %j is %s", (header, coding) => {
    const headers = { "content-type": ["application/json"], "content-encoding": [header] };
    expect(mediaType(headers, { accepts: ["json"], inflate: true }).coding).toBe(coding);
  });

  test.each([
    ["br"],
    ["zstd"],
    ["gzip, gzip"],
    ["gzip", "deflate"],
    ["gzip;q=1"],
    [""],
    [Array(1_000).fill("gzip").join()],
  ])("any.33 and %j is unsupported", (...values) => {
    const headers = { "content-type": ["application/json"], "content-encoding": values };
    expect(() => mediaType(headers, { accepts: ["json"], inflate: true })).toThrow(
      refused("unsupported_media_type"),
    );
  });

  test.each([
    ["text/plain", "json"],
    ["TEXT/plain; charset=utf-8; q=1", "json"],
    ["application/vnd.acme+json", "text"],
    ["application/json", "json"],
    ["application/x-www-form-urlencoded", "bytes"],
    ["image/png", "bytes"],
    ["multipart/form-data; boundary=x", "bytes"],
  ])("a named type comes first, and any type last: %s is %s", (header, format) => {
    const accepts = [
      { type: "*/*", as: "bytes" },
      "json",
      { type: "Text/Plain", as: "json" },
      { type: "application/vnd.acme+json", as: "text" },
    ] as const;
    expect(mediaType({ "content-type": [header] }, { accepts }).format).toBe(format);
  });

  test.each(["", "json", "text/plain, text/html", "text/", "a/b/c", "text/plain text/html"])(
    "%j is no type, whatever is accepted",
    (header) => {
      const accepts = [{ type: "*/*", as: "bytes" }] as const;
      expect(() => mediaType({ "content-type": [header] }, { accepts })).toThrow(
        refused("unsupported_media_type"),
      );
    },
  );

  test("a named type is compared whole", () => {
    const accepts = [{ type: "text/plain", as: "text" }] as const;
    for (const header of ["text/plainx", "text/plai", "text/plain, text/plain", "text/plain/x"])
      expect(() => mediaType({ "content-type": [header] }, { accepts })).toThrow(
        refused("unsupported_media_type"),
      );
  });

  test("a charset counts for all but bytes", () => {
    const accepts = [
      { type: "text/plain", as: "text" },
      { type: "text/css", as: "bytes" },
    ] as const;
    const of = (header: string) => mediaType({ "content-type": [header] }, { accepts });
    expect(of("text/plain; charset=iso-8859-1").charset).toBe("windows-1252");
    expect(() => of("text/plain; charset=bogus")).toThrow(refused("unsupported_media_type"));
    expect(of("text/css; charset=bogus").format).toBe("bytes");
  });

  test("multipart is refused with a sentence that says what to do", () => {
    const accepts = ["json", "form"] as const;
    expect(() => mediaType({ "content-type": ["multipart/form-data; boundary=x"] }, { accepts })).toThrow(
      /multipart, which is not read; ask the provider for JSON or a urlencoded form/,
    );
  });

  test("Transfer-Encoding may be chunked and nothing else", () => {
    expect(withHeader("transfer-encoding", "chunked").format).toBe("json");
    for (const values of [["gzip, chunked"], ["gzip", "chunked"], ["identity"]]) {
      expect(() => withHeader("transfer-encoding", ...values)).toThrow(refused("malformed"));
    }
  });

  test("whatever the headers are, the answer is a media type or a refusal", () => {
    const values = fc.array(
      fc.oneof(
        fc.string(),
        fc.string().map((parameter) => `application/json;${parameter}`),
      ),
    );
    fc.assert(
      fc.property(values, values, (types, encodings) => {
        const headers = { "content-type": types, "content-encoding": encodings };
        expect(attempt(() => mediaType(headers, { accepts: ["json"], inflate: true }))).toSatisfy(
          isKnownOrRefused,
        );
      }),
    );
  });
});

/** What it returns, or throws. */
function attempt(look: () => unknown): unknown {
  try {
    return look();
  } catch (error) {
    return error;
  }
}

function isKnownOrRefused(outcome: { charset?: string }): boolean {
  return isAnswerbackError(outcome) || new TextDecoder(outcome.charset).encoding === outcome.charset;
}
