/** Upsales' widgets: what is shown to a person, row by row, as public integrations build them. */
import { z } from "zod";
import type { Id } from "../../decoding/id.ts";
import { callbackSchema, type Callback } from "./callback.ts";

/** A widget. @see upsales.13 */
export interface Widget {
  readonly type?: "widget" | undefined;
  readonly rows: readonly WidgetRow[];
  readonly callback?: Callback | undefined;
}

/** A row of a widget; types that are not listed pass as they are. @see upsales.14 */
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

export interface MarkdownRow {
  readonly type: "markdown";
  readonly markdown: string;
  /** CSS classes. */
  readonly style?: string | undefined;
}

export interface TextRow {
  readonly type: "text" | "plainText";
  readonly text: string;
  readonly icon?: string | undefined;
  /** CSS classes. */
  readonly style?: string | undefined;
  /** Of a `plainText`. */
  readonly size?: "sm" | "md" | "lg" | "xl" | undefined;
  readonly click?: Click | undefined;
}

export interface TitleRow {
  readonly type: "title";
  readonly text: string;
  readonly size?: "xs" | "sm" | "md" | "lg" | "xl" | undefined;
}

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

export interface ButtonsRow {
  readonly type: "buttons";
  readonly [field: string]: unknown;
}

/** A grid of twelve. */
export interface ColsRow {
  readonly type: "cols";
  readonly cols: readonly {
    readonly element: WidgetRow;
    /** 1 to 12. */
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

export interface DropdownRow {
  readonly type: "dropdown";
  readonly text: string;
  readonly options: readonly { readonly text: string; readonly click?: Click | undefined }[];
}

export interface IframeRow {
  readonly type: "iframe";
  readonly id?: Id | undefined;
  readonly url?: string | undefined;
  readonly html?: string | undefined;
  readonly height?: number | undefined;
  readonly width?: number | undefined;
  readonly scrolling?: boolean | "auto" | undefined;
}

export interface ImageRow {
  readonly type: "image";
  readonly url: string;
  readonly center?: boolean | undefined;
  readonly click?: Click | undefined;
}

export interface InternalLinkRow {
  readonly type: "internalLink";
  /** `"client"`, `"contact"`. */
  readonly linkType: string;
  readonly linkId: Id;
  readonly text: string;
}

export interface LinkRow {
  readonly type: "link";
  readonly href: string;
  readonly text: string;
}

export interface SwitchRow {
  readonly type: "switch";
  readonly state: boolean;
  readonly click?: Click | undefined;
}

export interface BlankRow {
  readonly type: "emptyRow" | "separator";
}

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
 * Open but for the callback: what a row needs is Upsales' to say. Without rows, as one function for every event may
 * answer, it shows its placeholder.
 */
export const widgetSchema: z.ZodType = z.looseObject({
  type: z.literal("widget").optional(),
  rows: z
    .array(z.looseObject({ type: z.string() }))
    .readonly()
    .optional(),
  callback: callbackSchema.optional(),
});
