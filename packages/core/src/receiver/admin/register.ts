/** What must be registered with the provider. */
import { isObject, wrongKind } from "../../contract/kinds.ts";
import { OptionError } from "../../contract/option-error.ts";
import type { Provider } from "../../contract/provider.ts";
import { type Registrant, type RegistrationOptions, urlWith } from "../../contract/registration.ts";
import { handlerFor } from "../handlers.ts";
import type { Runtime } from "../runtime.ts";

/**
 * What must be registered with the provider, from the receiver's own configuration, so that the two cannot disagree.
 *
 * @throws OptionError `unknown` where the provider does not say what to register, and the provider's own.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#register.1 register.1} to {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#register.3 register.3}
 */
export function register(runtime: Runtime, options: RegistrationOptions): unknown {
  if (!isObject(options)) throw wrongKind("registration: options", options, "an object, such as { url: … }");
  const { registration, name }: Provider = runtime.provider;
  if (!registration)
    throw new OptionError("registration", "unknown", `${name} does not say what to register`);
  const credentials = runtime.authenticators.flatMap((authenticator) => authenticator.registers?.() ?? []);
  const basic = credentials.find((credential) => credential.in === "basic");
  const registrant: Registrant = {
    // a misspelt url is told as that: the provider looks at the names of the options before it asks for the address
    get url() {
      return urlWith(options.url, credentials);
    },
    basic,
    signingSecret: credentials.find((credential) => credential.in === "signature")?.secret,
    handles: (type) => handlerFor(runtime, type) !== undefined,
    warn: runtime.warn,
  };
  return registration(registrant, options);
}
