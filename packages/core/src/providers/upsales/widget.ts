/** Upsales' widgets, which a user sees row by row. The rows and their fields are those that public integrations send. */
import { z } from "../../decoding/zod.ts";
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
  /** `"markdown"`. */
  readonly type: "markdown";
  /** The text, in Markdown. */
  readonly markdown: string;
  /** CSS classes. */
  readonly style?: string | undefined;
}

/** Plain text. */
export interface TextRow {
  /** `"text"` or `"plainText"`. */
  readonly type: "text" | "plainText";
  /** The text. */
  readonly text: string;
  /** The name of an icon beside the text. */
  readonly icon?: string | undefined;
  /** CSS classes. */
  readonly style?: string | undefined;
  /** Of a `plainText` only. */
  readonly size?: "sm" | "md" | "lg" | "xl" | undefined;
  /** What a click on the text does. */
  readonly click?: Click | undefined;
}

/** A title. */
export interface TitleRow {
  /** `"title"`. */
  readonly type: "title";
  /** The title. */
  readonly text: string;
  /** The size of the title. */
  readonly size?: "xs" | "sm" | "md" | "lg" | "xl" | undefined;
}

/** A button. */
export interface ButtonRow {
  /** `"button"`. */
  readonly type: "button";
  /** The text on the button. */
  readonly text?: string | undefined;
  /** How the button looks. */
  readonly buttonType?: "lined" | "link" | undefined;
  /** The color of the button. */
  readonly color?: string | undefined;
  /** Is the button as wide as the widget? */
  readonly fullWidth?: boolean | undefined;
  /** Does the button stand in line with others? */
  readonly inline?: boolean | undefined;
  /** Does the button stand on the left? */
  readonly left?: boolean | undefined;
  /** What a click on the button does. */
  readonly click?: Click | undefined;
}

/** Several buttons. */
export interface ButtonsRow {
  /** `"buttons"`. */
  readonly type: "buttons";
  readonly [field: string]: unknown;
}

/** Elements in a grid of twelve columns. */
export interface ColsRow {
  /** `"cols"`. */
  readonly type: "cols";
  /** The columns, from left to right. */
  readonly cols: readonly {
    /** What stands in the column. */
    readonly element: WidgetRow;
    /** How many of the twelve columns it takes: 1 to 12. */
    readonly size?: number | undefined;
    /** Where the element stands in the column. */
    readonly align?: "left" | "center" | "right" | undefined;
    /** Is a text that is too long cut off? */
    readonly ellipsis?: boolean | undefined;
  }[];
}

/** Elements side by side. */
export interface RowRow {
  /** `"row"`. */
  readonly type: "row";
  /** The elements, from left to right. */
  readonly cols: readonly WidgetRow[];
  /** How the elements are spread. */
  readonly align?: "left" | "right" | "center" | "space-between" | "space-around" | undefined;
  /** Do the elements stay in one line? */
  readonly noWrap?: boolean | undefined;
}

/** A bar chart. */
export interface BarchartRow {
  /** `"barchart"`. */
  readonly type: "barchart";
  /** The bars. */
  readonly data: readonly {
    /** The name of the bar. */
    readonly title: string;
    /** The length of the bar. */
    readonly value: number;
    /** The color of the bar. */
    readonly color?: string | undefined;
  }[];
  /** What the values are. */
  readonly datatype?: "number" | undefined;
  /** The color of the baseline. */
  readonly baselineColor?: string | undefined;
}

/** A menu of options. */
export interface DropdownRow {
  /** `"dropdown"`. */
  readonly type: "dropdown";
  /** The text on the menu. */
  readonly text: string;
  /** The options: of each its text, and what a click on it does. */
  readonly options: readonly { readonly text: string; readonly click?: Click | undefined }[];
}

/** A page inside the widget, by its address or as HTML. */
export interface IframeRow {
  /** `"iframe"`. */
  readonly type: "iframe";
  /** The id of the frame. */
  readonly id?: Id | undefined;
  /** The address of the page. */
  readonly url?: string | undefined;
  /** The page as HTML. */
  readonly html?: string | undefined;
  /** The height: pixels. */
  readonly height?: number | undefined;
  /** The width: pixels. */
  readonly width?: number | undefined;
  /** May the page be scrolled? */
  readonly scrolling?: boolean | "auto" | undefined;
}

/** An image. */
export interface ImageRow {
  /** `"image"`. */
  readonly type: "image";
  /** The address of the image. */
  readonly url: string;
  /** Does the image stand in the middle? */
  readonly center?: boolean | undefined;
  /** What a click on the image does. */
  readonly click?: Click | undefined;
}

/** A link to an object in Upsales. */
export interface InternalLinkRow {
  /** `"internalLink"`. */
  readonly type: "internalLink";
  /** The kind of the object: `"client"`, `"contact"`. */
  readonly linkType: string;
  /** The object's Upsales id. */
  readonly linkId: Id;
  /** The text of the link. */
  readonly text: string;
}

/** A link to any address. */
export interface LinkRow {
  /** `"link"`. */
  readonly type: "link";
  /** The address. */
  readonly href: string;
  /** The text of the link. */
  readonly text: string;
}

/** A switch, on or off. */
export interface SwitchRow {
  /** `"switch"`. */
  readonly type: "switch";
  /** Is the switch on? */
  readonly state: boolean;
  /** What a click on the switch does. */
  readonly click?: Click | undefined;
}

/** A row that only parts others. */
export interface BlankRow {
  /** `"emptyRow"` or `"separator"`. */
  readonly type: "emptyRow" | "separator";
}

/** A row of a type that is not listed. */
export interface OtherRow {
  /** The type of the row. */
  readonly type: string;
  readonly [field: string]: unknown;
}

/** What a click does: `{ type: "navigate", to: "client", id: { id: 1 } }`. */
export interface Click {
  /** The type of the click: `"navigate"`. */
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
