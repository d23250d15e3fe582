/** What help says below the options: the providers with their credentials and events, and how commands end. */
import { eventsOf, providers } from "./providers/index.ts";

/** The providers, with what each takes and sends. */
export function providersHelp(): string {
  const entries = providers.map((entry) => {
    // names do not depend on the secrets
    const events = eventsOf(entry.play({ secret: "none", verifyToken: "none" }));
    return `  ${entry.name}\n    ${entry.takes}\n${folded(events.join(", "), "    ")}`;
  });
  return `\nProviders, with their credentials and events:\n${entries.join("\n")}`;
}

/** How commands end, for scripts. */
export const exitHelp = `
Exit codes:
  0    done
  1    carried out, and something is wrong: a finding, a refused delivery, a record that is not there
  2    wrong arguments, or something has to be installed first: nothing was done
  3    the backend is away
  130  stopped by Ctrl-C; what was done stays done

With --json the result on stdout is JSON; notes, progress and complaints go to stderr.`;

function folded(text: string, indent: string): string {
  return text.replaceAll(/(.{1,88})(?: |$)/g, `${indent}$1\n`).trimEnd();
}
