/** What is wrong around the receiver: its backend, its time, its environment. */
import { memory, urlSecret } from "@answerback/core";
import { told, usual } from "../delivering.ts";
import { manualClock } from "../../support/manual-clock.ts";
import { faulty } from "../../life-cycle/support.ts";
import type { Chapter, Told } from "../mistake.ts";

/** The rows. */
export const surroundings: readonly Chapter<Told>[] = [
  {
    title: "Around the receiver",
    rows: [
      told(
        "a backend that is away",
        { provides: "app-inbox", on: away },
        503,
        "backend_away",
        "app-inbox: the backend is away: connection refused",
      ),
      told(
        "no backend",
        { provides: "app-inbox", options: { backend: undefined } },
        200,
        "memory_forgets",
        "app-inbox: records are in memory, and a restart forgets them; **hand in a durable backend**",
      ),
      told(
        "a secret in the URL that can be guessed",
        {
          provides: "uphance",
          options: { requireHttps: false, authenticate: urlSecret("4711") },
          sends: { ...usual.uphance, path: "/hooks/uphance/4711" },
        },
        200,
        "short_secret",
        "urlSecret: a secret under 16 characters can be guessed; **use 32 random ones**",
      ),
      told(
        "neither `requireHttps` nor a written-out `false`, for a provider that sends to HTTPS only",
        { provides: "uphance" },
        200,
        "plain_http",
        "uphance: the provider sends to HTTPS only, and plain HTTP is let in; **set requireHttps, with the framework's proxy trust where TLS ends before it, or write out false**",
      ),
    ],
  },
];

/** A backend whose engine is away. */
function away() {
  const backend = faulty(manualClock(), memory());
  backend.faults.open = "throws";
  return backend;
}
