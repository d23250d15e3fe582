/** In which forms bodies come, and how each is read. */
import { isObject, listOf, matching, oneOf, type Kind } from "./kinds.ts";
import { OptionError } from "./option-error.ts";
import { partsOf } from "./read-options.ts";

/** What most bodies are: `application/json` and every `+json`, or `application/x-www-form-urlencoded`. */
export type Format = "json" | "form";

/** How a body is read: as JSON, as the fields of a flat form, as a text, or not at all, which leaves its bytes. */
export type BodyFormat = Format | "text" | "bytes";

/** A form in which bodies come: a usual one, or a media type with how it is read. */
export type BodyForm =
  | Format
  | {
      /**
       * The media type without parameters, in any case: `"text/plain"`. It comes before the usual forms, also where it is one
       * of their types; `"*\/*"`, every type that has no entry, comes after them.
       */
      readonly type: string;
      /** How it is read; a `charset` counts for all but `"bytes"`. */
      readonly as: BodyFormat;
    };

const typeAlone =
  'give the type alone, such as "text/plain": no parameter changes it, and only "*/*" stands for other types';

const namedForm = partsOf({
  type: matching(/^(?:\*\/\*|[\w!#$&^.+-]+\/[\w!#$&^.+-]+)$/, typeAlone),
  as: oneOf("json", "form", "text", "bytes"),
});

const aBodyForm: Kind<BodyForm> = (option, value) => {
  if (typeof value === "string" && value.includes("/"))
    throw new OptionError(
      option,
      "invalid",
      `say how ${value} is read: { type: ${JSON.stringify(value)}, as: "text" }`,
    );
  if (!isObject(value)) return oneOf("json", "form")(option, value);
  const form = namedForm(option, value);
  if (/^multipart\//i.test(form.type) && form.as !== "bytes")
    throw new OptionError(
      `${option}.as`,
      "invalid",
      'multipart is not read; "bytes" hands it to decode as it is',
    );
  return form;
};

/** For `readOptions`: the forms that a provider accepts. */
export const bodyForms: Kind<readonly BodyForm[]> = (option, value) => {
  const forms = listOf(aBodyForm, 'nothing could be received; give "json", "form" or both')(option, value);
  const types = forms.flatMap((form) => (typeof form === "string" ? [] : [form.type.toLowerCase()]));
  const twice = types.find((type, at) => types.indexOf(type) !== at);
  if (twice !== undefined)
    throw new OptionError(`${option}.type`, "taken", `${twice} is there twice; leave one of them`);
  return forms;
};
