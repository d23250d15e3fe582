/** How an app is started so that its late answers come here. */

/** The port that listen and --callbacks take unless another is given. */
export const usualPort = 4_000;

/** The line to type in front of an app's own command. */
export function startingLine(url: URL): string {
  const file = new URL(
    import.meta.url.endsWith(".ts") ? "../callbacks.ts" : "../callbacks.js",
    import.meta.url,
  );
  return `ANSWERBACK_CALLBACKS=${url.origin} NODE_OPTIONS='--import=${file.href}' npm start`;
}
