/** A provider as the commands play it: what it is told, what it sends, how it is judged. Types alone. */
import type { Clock, RawDelivery, Scenario } from "@answerback/simulator";

/** The credentials that a command was given, by option or by the environment. */
export interface Credentials {
  /** Basic credentials. */
  readonly user?: { readonly username: string; readonly password: string } | undefined;
  /** The secret that the provider and the receiver share. */
  readonly secret?: string | undefined;
  /** Meta's verify token. */
  readonly verifyToken?: string | undefined;
  /** The path of a PEM file with the provider's own key; made where it is not there. */
  readonly keyFile?: string | undefined;
  /** Twilio: the origin of the address that is registered. */
  readonly publicUrl?: string | undefined;
}

/** What a delivery is made of. */
export interface Making {
  /** The same seed gives the same delivery. */
  readonly seed: number;
  /** The path of the receiver. */
  readonly mount: string;
  /** Headers beside those of the provider. */
  readonly headers: Readonly<Record<string, string>>;
  /** Fields of what the event is about, in place of the random ones; `undefined` leaves a field out. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Makes a delivery. `argument` is what stands behind the colon of an event: `event:invoice.paid`. */
export type Build = (making: Making, argument: string) => RawDelivery;

/** An event that can be sent. */
export interface Sendable {
  /** Makes it. */
  readonly build: Build;
  /** What stands behind the colon, in a word. Absent: nothing does. */
  readonly argument?: string | undefined;
  /** May the argument be left out? */
  readonly optional?: boolean | undefined;
}

/** A provider that was told its credentials. */
export interface Played {
  /** Its events by name. */
  readonly events: Readonly<Record<string, Sendable>>;
  /** What the judge plays. Signatures tell the true time, though the provider's `clock` jumps. */
  scenarios(clock: Clock): readonly Scenario[];
  /** What has to be told to whoever starts the receiver. */
  readonly notes: readonly string[];
  /** What the provider publishes for its signatures, by address. */
  readonly published: Readonly<Record<string, string>>;
}

/** A provider by name. */
export interface ProviderEntry {
  /** As it is typed: `"app-inbox"`. */
  readonly name: string;
  /** Which credentials it takes, for the help: `"--secret: the signing secret"`. */
  readonly takes: string;
  /** Does an address for callbacks come with some of its events? */
  readonly hasAddress?: boolean | undefined;
  /** Tells it its credentials. Throws a Complaint for one that is missing. */
  play(given: Credentials): Played;
}
