/** The rules of the four providers' right receivers. */
import type { IncomingMessage } from "node:http";
import type { Event, Rules } from "./right-receiver.ts";
import { digest, rules } from "./right-receiver.ts";

/** What the right receivers take. */
export const credentials = { username: "hook", password: "correct-horse-battery" };
export const authenticationKey = "a-key-of-the-app-4711";
export const secret = "0b6f4a3c9d1e4f7fa2c58e7d6b901234";

type Fields = Record<string, any>;

export const postbackRules: Rules = {
  ...rules,
  types: ["application/x-www-form-urlencoded", "application/json"],
  admit: basicAuth,
  decode(text, request) {
    const fields = request.headers["content-type"]?.startsWith("application/json") ? json(text) : form(text);
    if (!fields || !["CREATE", "UPDATE", "DELETE"].includes(fields["type"])) return 400;
    const data = typeof fields["data"] === "string" ? json(fields["data"]) : fields["data"];
    if (!fields["resource"] || !data?.["id"] || !/^\d{1,4}$/.test(fields["number_of_attempts"])) return 400;
    const key = digest(fields["resource"], fields["type"], data);
    return known.includes(fields["resource"]) ? [{ key, data }] : [];
  },
};

const known = ["contact", "transaction", "transactionbatch", "accountvault"];

export const uphanceRules: Rules = {
  ...rules,
  admit: ({ url }) => (url === `/${secret}` ? undefined : 404),
  decode(text) {
    const body = json(text);
    if (typeof body?.["event"] !== "string") return 400;
    const [, kind = "", verb = ""] = /^(\w+)_(create|update|delete)$/.exec(body["event"]) ?? [];
    if (!["invoice", "credit_note", "pick_ticket", "receiving_ticket", "product"].includes(kind)) return [];
    const value = body[kind] ?? body["id"];
    const data: Fields = typeof value === "object" ? value : { id: value };
    if (!data["id"]) return 400;
    const dated = data["updated_at"] !== undefined;
    const key = digest(body["event"], data["id"], data["updated_at"]);
    return [{ key: dated || verb !== "update" ? key : undefined, data }];
  },
};

export const appInboxRules: Rules = {
  ...rules,
  bodyLimit: 8 * 1024 * 1024,
  statuses: { ...rules.statuses, mediaType: 400, tooLarge: 400 },
  admit: (request) => (["GET", "HEAD"].includes(request.method ?? "") ? 200 : basicAuth(request)),
  decode(text) {
    const body = parse(text);
    const events = (Array.isArray(body) ? body : [body]).map(message);
    const good = events.filter((event): event is Event => event !== undefined);
    return good.length === 0 && events.length > 0 ? 400 : good;
  },
};

function message(data: any): Event | undefined {
  return typeof data?.id === "string" && data.id.trim() ? { key: data.id, data } : undefined;
}

export const upsalesRules: Rules = {
  ...rules,
  answerWithinMs: 25_000,
  decode(text, { url = "" }) {
    const body = json(text);
    if (!body) return 400;
    if (body["authenticationKey"] !== authenticationKey) return 401;
    const callbackUrl: unknown = body["callbackUrl"];
    if (callbackUrl !== undefined && !isUpsales(callbackUrl)) return 400;
    const key = url.startsWith("/widget") ? undefined : callbackUrl;
    return [{ key, data: body["data"], callbackUrl }];
  },
};

/** @see upsales.17 */
function isUpsales(url: unknown): url is string {
  if (typeof url !== "string" || !URL.canParse(url)) return false;
  const { protocol, port, hostname, username } = new URL(url);
  return protocol === "https:" && !port && !username && /(^|\.)upsales\.com$/.test(hostname);
}

function basicAuth({ headers }: IncomingMessage): number | undefined {
  const [, encoded = ""] = /^basic +([\w+/=]+)$/i.exec(headers.authorization ?? "") ?? [];
  const sent = Buffer.from(encoded, "base64").toString("utf8");
  return sent === `${credentials.username}:${credentials.password}` ? undefined : 401;
}

function form(text: string): Fields | undefined {
  const fields = [...new URLSearchParams(text)];
  if (fields.length !== new Set(fields.map(([name]) => name)).size || /%(?![0-9a-f]{2})/i.test(text))
    return undefined;
  return Object.fromEntries(fields);
}

/** A JSON object; `undefined`: it is none, or reaches for a prototype. */
function json(text: string): Fields | undefined {
  const value = parse(text);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
}

function parse(text: string): any {
  try {
    return JSON.parse(text, (key, value: unknown) => {
      if (key === "__proto__") throw new SyntaxError("a prototype");
      return value;
    });
  } catch {
    return undefined;
  }
}
