/** The events of Discord's interactions endpoint: one for each type of interaction that has an answer. */
import type { EventSpec, EventSpecs } from "@answerback/core/provider";
/** @ts-ignore an optional peer: without it these are any */
import type {
  APIApplicationCommandAutocompleteInteraction,
  APIApplicationCommandInteraction,
  APIBaseInteraction,
  APIMessageComponentInteraction,
  APIModalSubmitInteraction,
  InteractionType,
} from "discord-api-types/v10";
import { z } from "zod";
import { choices, responseOf } from "./answer.ts";
import type {
  DiscordChoices,
  DiscordMessage,
  DiscordModal,
  DiscordResponse,
  DiscordUpdate,
} from "./answer.ts";

/**
 * The types of interactions, under Discord's names.
 *
 * @see {@link https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-interaction-type}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#discord.2 discord.2}
 */
export interface DiscordEvents {
  /** A command of any kind: `data.name` says which. */
  readonly APPLICATION_COMMAND: EventSpec<
    APIApplicationCommandInteraction["data"],
    DiscordMessage | DiscordResponse | DiscordModal
  >;
  /** A button or a select menu: `data.custom_id` says which. */
  readonly MESSAGE_COMPONENT: EventSpec<
    APIMessageComponentInteraction["data"],
    DiscordMessage | DiscordResponse | DiscordModal | DiscordUpdate | undefined
  >;
  /** A user who types the option of a command. It is answered with choices, in the reply alone. */
  readonly APPLICATION_COMMAND_AUTOCOMPLETE: EventSpec<
    APIApplicationCommandAutocompleteInteraction["data"],
    DiscordChoices | undefined
  >;
  /** A modal that was filled in: `data.custom_id` says which. */
  readonly MODAL_SUBMIT: EventSpec<
    APIModalSubmitInteraction["data"],
    DiscordMessage | DiscordResponse | DiscordUpdate
  >;
}

/** The fields of an interaction beside its `type` and `data`. Its `token` is left out, since it is a secret. */
export type DiscordInteraction = Omit<
  APIBaseInteraction<InteractionType, unknown>,
  "type" | "data" | "token"
>;

const used = z.looseObject({ custom_id: z.string() });
const command = z.looseObject({ name: z.string() });

/** The events with their schemas: of `data` what tells one command or component from another is sure. */
export const events: EventSpecs<DiscordEvents> = {
  APPLICATION_COMMAND: { data: command, answer: responseOf(4, 5, 9, 12) },
  MESSAGE_COMPONENT: { data: used, answer: responseOf(4, 5, 6, 7, 9, 12).optional() },
  APPLICATION_COMMAND_AUTOCOMPLETE: {
    data: command,
    answer: choices.optional(),
    interactive: true,
    callback: false,
  },
  MODAL_SUBMIT: { data: used, answer: responseOf(4, 5, 6, 7, 12) },
};

/** The event type of a type of interaction. One that is not known here has its number for a name. */
export function typeOf(type: number): string {
  return numbered[type] ?? `type ${type}`;
}

const numbered: Readonly<Record<number, keyof DiscordEvents>> = {
  2: "APPLICATION_COMMAND",
  3: "MESSAGE_COMPONENT",
  4: "APPLICATION_COMMAND_AUTOCOMPLETE",
  5: "MODAL_SUBMIT",
};
