/** What an error says, for the developer: its words and those of what caused it, without a credential. */

/** How many causes are followed. */
const deepest = 5;

/** The words of an error and of its causes, the outermost first, none of them twice. */
export function wordsOf(error: unknown): string {
  const words: string[] = [];
  for (let at = error, depth = 0; at instanceof Error && depth < deepest; at = at.cause, depth += 1) {
    const said = ownWordsOf(at);
    if (said !== "" && !words.some((before) => before.includes(said))) words.push(said);
  }
  return words.length > 0 ? withoutCredentials(words.join(": ")) : "no reason given";
}

/** The text with no name and no password in the addresses that stand in it. */
export function withoutCredentials(text: string): string {
  return text.replace(/([a-z][\w+.-]*:\/\/)\S*@/gi, "$1***@");
}

/** Of a connection that was tried at several addresses Node says what each came to, and nothing itself. */
function ownWordsOf(error: Error): string {
  if (error.message !== "" || !(error instanceof AggregateError)) return error.message;
  return error.errors.map((one) => (one instanceof Error ? one.message : "")).join("; ");
}
