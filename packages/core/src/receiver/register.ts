/** What must be registered with the provider, from the receiver's own configuration, so that the two cannot disagree. */
import { OptionError } from "../option-error.ts";
import type { Provider } from "../provider.ts";
import { urlWith, type RegistrationOptions } from "../registration.ts";
import { handlerFor } from "./event/run.ts";
import type { Runtime } from "./runtime.ts";

/** Asks the provider. Throws an OptionError for what it cannot take, or where nothing is to be registered. */
export function register(runtime: Runtime, { url, ...options }: RegistrationOptions): unknown {
  const { registration, name }: Provider = runtime.provider;
  if (!registration)
    throw new OptionError("registration", "unknown", `${name} does not say what to register`);
  const credentials = runtime.authenticators.flatMap((one) => one.registers?.() ?? []);
  const basic = credentials.find((credential) => credential.in === "basic");
  const handles = (type: string) => handlerFor(runtime, type) !== undefined;
  return registration({ url: urlWith(url, credentials), basic, handles, warn: runtime.warn }, options);
}
