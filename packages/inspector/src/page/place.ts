/** What every view is shown with, and the addresses of views. */
import { paramsOf, type Query, type Shell } from "./api.ts";

/** What a view is shown with. */
export interface Place {
  readonly main: HTMLElement;
  readonly shell: Shell;
  readonly receiver: string;
  /** What stands in the address beside the view. */
  readonly query: URLSearchParams;
  /** Somebody goes elsewhere: what the view began ends. */
  readonly signal: AbortSignal;
  /** Shows the view again, with the newest. */
  readonly again: () => void;
}

/** The address of a view, so that it can be handed on as a link. */
export function linkTo(view: string, query: Query): string {
  return `#${view}?${paramsOf(query)}`;
}
