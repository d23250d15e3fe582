/** The option `handle`: checked against the events of the provider, and asked for the handler of an event type. */
import { isObject, wrongKind, type Kind } from "../contract/kinds.ts";
import { OptionError } from "../contract/option-error.ts";
import type { EventSpec } from "../contract/event-spec.ts";
import type { Provider } from "../contract/provider.ts";
import { nearest } from "../lib/nearest.ts";
import type { Handle, Handler } from "./handler.ts";

/** The handlers of a provider's events: one function, or one by event type. */
export function handlersOf(provider: Provider): Kind<Handle<any, any>> {
  return (option, value) => {
    if (typeof value === "function") return value as Handle<any, any>;
    if (!isObject(value)) throw wrongKind(option, value, "a function, or one by event type");
    for (const [type, handler] of Object.entries(value)) {
      if (type !== "*" && !Object.hasOwn(provider.events, type)) throw noSuchEvent(option, type, provider);
      if (typeof handler !== "function") throw noFunction(option, type, handler);
    }
    return value as Handle<any, any>;
  };
}

/** Handlers, and the provider whose events they handle. */
export interface Handling {
  readonly handle: Handle<any, any>;
  readonly provider: Provider;
}

/** The handler for an event type: the app's for just this type, the provider's own, the app's for all; `undefined`: none. */
export function handlerFor({ handle, provider }: Handling, type: string): Handler<any, any> | undefined {
  const isByType = typeof handle !== "function";
  const named = isByType && Object.hasOwn(handle, type) ? handle[type] : undefined;
  return named ?? providersOwn(provider, type) ?? (isByType ? handle["*"] : handle);
}

function providersOwn({ events }: Provider, type: string): Handler<any, any> | undefined {
  const spec: EventSpec | undefined = Object.hasOwn(events, type) ? events[type] : undefined;
  return spec?.handle && ((event) => spec.handle!(event));
}

function noSuchEvent(option: string, type: string, { name, events }: Provider): OptionError {
  const types = Object.keys(events);
  const near = nearest(type, types);
  const offer = near ? `; did you mean "${near}"?` : "";
  return new OptionError(
    option,
    "unknown",
    `${name} has no event "${type}"; it has ${inWords(types, type)}${offer}`,
  );
}

/** The events, or, where there are too many to read, those of the same kind: of `"issues"` all that are `"issues.…"`. */
function inWords(types: readonly string[], type: string): string {
  if (types.length === 0) return 'only "*"';
  const [kind] = type.split(".");
  const alike = types.length > 50 ? types.filter((one) => one.startsWith(`${kind}.`)) : types;
  const listed = alike.length > 0 ? alike.join(", ") : `${types.length} others`;
  return `${listed}, and "*" for the rest`;
}

function noFunction(option: string, type: string, handler: unknown): OptionError {
  if (handler !== undefined) return new OptionError(option, "invalid", `"${type}" is not a function`);
  const cure = `"${type}" is undefined; is its import right? Leave out a type that has no handler`;
  return new OptionError(option, "missing", cure);
}
