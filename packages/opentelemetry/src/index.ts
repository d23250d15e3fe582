/** The public face of `@answerback/opentelemetry`, every name by hand. */

export { opentelemetry, type OpenTelemetryOptions } from "./opentelemetry.ts";
