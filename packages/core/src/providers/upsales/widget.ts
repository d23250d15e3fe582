/** Upsales' widgets, which a user sees row by row. The rows and their fields are those that public integrations send. */
import { z } from "zod";
import type { Id } from "../../decoding/id.ts";
import { callbackSchema, type Callback } from "./callback.ts";

/**
 * A widget object.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.13 upsales.13}
 */
export interface Widget {
  /** Always `"widget"`, where it is given. */
  readonly type?: "widget" | undefined;
  /** The rows, from top to bottom. */
  readonly rows: readonly WidgetRow[];
  /** The app callback object. It goes out with the widget, or to `callbackUrl`. */
  readonly callback?: Callback | undefined;
}

/**
 * A row of a widget. A type that is not listed passes as it is.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.14 upsales.14}
 */
export type WidgetRow =
  | MarkdownRow
  | TextRow
  | TitleRow
  | ButtonRow
  | ButtonsRow
  | ColsRow
  | RowRow
  | BarchartRow
  | DropdownRow
  | IframeRow
  | ImageRow
  | InternalLinkRow
  | LinkRow
  | SwitchRow
  | BlankRow
  | OtherRow;

/** Text in Markdown. */
export interface MarkdownRow {
  readonly type: "markdown";
  readonly markdown: string;
  /** CSS classes. */
  readonly style?: string | undefined;
}

/** Plain text. */
export interface TextRow {
  readonly type: "text" | "plainText";
  readonly text: string;
  readonly icon?: string | undefined;
  /** CSS classes. */
  readonly style?: string | undefined;
  /** Of a `plainText` only. */
  readonly size?: "sm" | "md" | "lg" | "xl" | undefined;
  readonly click?: Click | undefined;
}

/** A title. */
export interface TitleRow {
  readonly type: "title";
  readonly text: string;
  readonly size?: "xs" | "sm" | "md" | "lg" | "xl" | undefined;
}

/** A button. */
export interface ButtonRow {
  readonly type: "button";
  readonly text?: string | undefined;
  readonly buttonType?: "lined" | "link" | undefined;
  readonly color?: string | undefined;
  readonly fullWidth?: boolean | undefined;
  readonly inline?: boolean | undefined;
  readonly left?: boolean | undefined;
  readonly click?: Click | undefined;
}

/** Several buttons. */
export interface ButtonsRow {
  readonly type: "buttons";
  readonly [field: string]: unknown;
}

/** Elements in a grid of twelve columns. */
export interface ColsRow {
  readonly type: "cols";
  readonly cols: readonly {
    readonly element: WidgetRow;
    /** How many of the twelve columns it takes: 1 to 12. */
    readonly size?: number | undefined;
    readonly align?: "left" | "center" | "right" | undefined;
    readonly ellipsis?: boolean | undefined;
  }[];
}

/** Elements side by side. */
export interface RowRow {
  readonly type: "row";
  readonly cols: readonly WidgetRow[];
  readonly align?: "left" | "right" | "center" | "space-between" | "space-around" | undefined;
  readonly noWrap?: boolean | undefined;
}

/** A bar chart. */
export interface BarchartRow {
  readonly type: "barchart";
  readonly data: readonly {
    readonly title: string;
    readonly value: number;
    readonly color?: string | undefined;
  }[];
  readonly datatype?: "number" | undefined;
  readonly baselineColor?: string | undefined;
}

/** A menu of options. */
export interface DropdownRow {
  readonly type: "dropdown";
  readonly text: string;
  readonly options: readonly { readonly text: string; readonly click?: Click | undefined }[];
}

/** A page inside the widget, by its address or as HTML. */
export interface IframeRow {
  readonly type: "iframe";
  readonly id?: Id | undefined;
  readonly url?: string | undefined;
  readonly html?: string | undefined;
  readonly height?: number | undefined;
  readonly width?: number | undefined;
  readonly scrolling?: boolean | "auto" | undefined;
}

/** An image. */
export interface ImageRow {
  readonly type: "image";
  readonly url: string;
  readonly center?: boolean | undefined;
  readonly click?: Click | undefined;
}

/** A link to an object in Upsales. */
export interface InternalLinkRow {
  readonly type: "internalLink";
  /** The kind of the object: `"client"`, `"contact"`. */
  readonly linkType: string;
  /** The object's Upsales id. */
  readonly linkId: Id;
  readonly text: string;
}

/** A link to any address. */
export interface LinkRow {
  readonly type: "link";
  readonly href: string;
  readonly text: string;
}

/** A switch, on or off. */
export interface SwitchRow {
  readonly type: "switch";
  readonly state: boolean;
  readonly click?: Click | undefined;
}

/** A row that only parts others. */
export interface BlankRow {
  readonly type: "emptyRow" | "separator";
}

/** A row of a type that is not listed. */
export interface OtherRow {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** What a click does: `{ type: "navigate", to: "client", id: { id: 1 } }`. */
export interface Click {
  readonly type: string;
  readonly [field: string]: unknown;
}

/**
 * The schema of a widget. Only its callback is strict: Upsales judges the rows. `rows` may be absent, since a handler for
 * every event may answer `{}`; then Upsales shows its placeholder.
 */
export const widgetSchema: z.ZodType = z.looseObject({
  type: z.literal("widget").optional(),
  rows: z
    .array(z.looseObject({ type: z.string() }))
    .readonly()
    .optional(),
  callback: callbackSchema.optional(),
});
