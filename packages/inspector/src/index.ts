/** The public face of `@answerback/inspector`, every name by hand. */

export { createInspector, type Inspector, type KoaContext } from "./inspector.ts";
export type { InspectorOptions, InspectorRequest, Verdict } from "./options.ts";
