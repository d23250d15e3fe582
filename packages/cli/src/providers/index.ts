/** The providers and their events by the names that people type; a wrong name is answered with the nearest right one. */
import { nearest } from "@answerback/core/provider";
import { wrong, type Complaint } from "../exit.ts";
import { appInbox, postback, uphance, upsales } from "./four.ts";
import type { Played, ProviderEntry, Sendable } from "./provider.ts";
import { ten } from "./ten.ts";

/** All fourteen. */
export const providers: readonly ProviderEntry[] = [upsales, uphance, appInbox, postback, ...ten];

/** The provider of that name, however it is spelt: `appInbox`, `app_inbox`. Throws a Complaint for one that there is not. */
export function providerCalled(name: string): ProviderEntry {
  const found = providers.find((one) => namedAlike(one.name, name));
  if (found) return found;
  const all = providers.map((one) => one.name);
  throw unknown("provider", name, all);
}

/** An event to send, with what stood behind the colon of its name. */
export interface Chosen extends Sendable {
  /** The name of the builder. */
  readonly name: string;
  /** `""`: there was none. */
  readonly given: string;
}

/** The event of that name: `contactCreate`, `contact.create` and `contact-create` are one. Throws a Complaint. */
export function eventCalled(provider: string, { events }: Played, typed: string): Chosen {
  const [name = "", ...rest] = typed.split(":");
  const given = rest.join(":");
  const found = Object.entries(events).find(([one]) => namedAlike(one, name));
  if (!found) throw unknownEvent(provider, events, typed);
  const [builder, sendable] = found;
  if (given !== "" && !sendable.argument) throw wrong(`${spelt(builder)} takes nothing behind a colon`);
  if (given === "" && sendable.argument && !sendable.optional)
    throw wrong(`${spelt(builder)} needs its ${sendable.argument}: ${spelt(builder)}:<${sendable.argument}>`);
  return { ...sendable, name: builder, given };
}

function unknownEvent(provider: string, events: Played["events"], typed: string): Complaint {
  const { message } = unknown(`event of ${provider}`, typed, Object.keys(events).map(spelt));
  const [any] = Object.entries(events).find(([one]) => /^(event|webhook|other)$/.test(one)) ?? [];
  return wrong(any === undefined ? message : `${message} Any event is ${any}:<its name>.`);
}

/** The events of a provider as they are typed. */
export function eventsOf({ events }: Played): string[] {
  return Object.entries(events).map(([name, { argument, optional }]) => {
    if (argument === undefined) return spelt(name);
    return optional ? `${spelt(name)}[:<${argument}>]` : `${spelt(name)}:<${argument}>`;
  });
}

/** What is wrong with a name, and the one that was probably meant; else all. */
export function unknown(thing: string, name: string, all: readonly string[]): Complaint {
  const near = nearest(name, all);
  const offer = near === undefined ? `there is ${all.join(", ")}` : `did you mean ${near}?`;
  return wrong(`there is no ${thing} ${JSON.stringify(name)}; ${offer}`);
}

/** `contactCreate` as it is typed: `contact-create`. */
const spelt = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Are the two one name, however they are spelt? */
export const namedAlike = (one: string, other: string): boolean => plainly(one) === plainly(other);

const plainly = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
