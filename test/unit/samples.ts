/** The sample deliveries as they travel, taken through everything that decodes them. */
import { readFileSync } from "node:fs";
import { decodeBody } from "../../packages/core/src/decoding/body.ts";
import { mediaType } from "../../packages/core/src/decoding/media-type.ts";
import { createMatcher } from "../../packages/core/src/decoding/path.ts";
import type { Provider } from "../../packages/core/src/contract/provider.ts";
import type { Decoded } from "../../packages/core/src/contract/provider-view.ts";

const folder = new URL("../fixtures/deliveries/", import.meta.url);

/** What a provider makes of a sample under `mount`; of its data too, by the event's schema. */
export async function decodeSample(provider: Provider, file: string, mount: string): Promise<Decoded> {
  const { path, headers, body } = readSample(file);
  return decodeText(provider, {
    path: path.slice(mount.length),
    contentType: headers["content-type"] ?? "",
    body,
  });
}

/** What a provider makes of a body, where that is one event. */
export async function decodeText(
  provider: Provider,
  {
    path = "/",
    contentType = "application/json",
    body,
  }: { path?: string; contentType?: string; body: string },
): Promise<Decoded> {
  const [event, ...others] = await decodeAll(provider, { path, contentType, body });
  if (!event || others.length > 0) throw new Error("not one event");
  return event;
}

/** What a provider makes of a body; an event whose data does not fit its schema has the error as data. */
export async function decodeAll(
  provider: Provider,
  {
    path = "/",
    contentType = "application/json",
    body,
  }: { path?: string; contentType?: string; body: string },
): Promise<Decoded[]> {
  const match = createMatcher(provider.events)(path);
  if (!match) throw new Error(`${path} has no meaning`);
  const media = mediaType({ "content-type": [contentType] }, provider);
  const bytes = new TextEncoder().encode(body);
  const decoded = provider.decode({
    ...{ ...match, format: media.format, body: decodeBody({ kind: "bytes", bytes }, media), bytes },
    ...{ method: "POST", query: "", url: undefined, headers: {}, receivedAt: 0 },
  });
  if ("status" in decoded) throw new Error("a reply");
  return Promise.all([decoded].flat().map((event) => checked(provider, event as Decoded)));
}

/** A sample's head and body. */
export function readSample(file: string): { path: string; headers: Record<string, string>; body: string } {
  const [head = "", body = ""] = readFileSync(new URL(file, folder), "utf8").split("\n\n");
  const [request = "", ...lines] = head.split("\n");
  const headers = Object.fromEntries(
    lines.map((line) => [line.split(": ")[0]!.toLowerCase(), line.split(": ")[1]!]),
  );
  return { path: request.split(" ")[1]!, headers, body };
}

async function checked(provider: Provider, event: Decoded): Promise<Decoded> {
  const spec = Object.hasOwn(provider.events, event.type) ? provider.events[event.type] : undefined;
  const result = await spec?.data?.["~standard"].validate(event.data);
  if (result?.issues) return { ...event, data: new Error(result.issues[0].message) };
  return result ? { ...event, data: result.value } : event;
}
