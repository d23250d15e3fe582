/** GitHub's events are typed by its own description, all of them, and its answers as its page shows them. */
import { createReceiver } from "@answerback/core";
import { github, type GithubEventName } from "@answerback/providers/github";
import type { operations } from "@octokit/openapi-webhooks-types";

const provider = github({ secret: process.env["GITHUB_SECRET"] });

createReceiver(provider, {
  handle: {
    "issues.opened": ({ data, delivery }) =>
      void [data.issue.number satisfies number, delivery satisfies string],
    push: ({ data }) => void (data.commits.map(({ message }) => message) satisfies string[]),
    repository_dispatch: ({ data }) => void (data.action satisfies string),
    "deployment_protection_rule.requested": async ({ data }, { post }) => {
      await post({ comment: `Checking ${data.deployment?.ref}` });
      return { state: "approved", comment: "All fine." };
    },
    "*": ({ name, event }) => void [name, event],
  },
});

createReceiver(provider, {
  handle: {
    // @ts-expect-error: neither approved nor rejected
    "deployment_protection_rule.requested": () => ({ state: "maybe" }),
  },
});

createReceiver(provider, {
  // @ts-expect-error: issues have actions
  handle: { issues: () => {} },
});

/** Every event that the description has, under our name for it. */
type Described = {
  [Operation in keyof operations]: Operation extends `${infer Event}/${infer Action}`
    ? `${Underscored<Event>}.${Underscored<Action>}`
    : Underscored<Operation>;
}[keyof operations];

type Underscored<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}_${Underscored<Rest>}`
  : Name;

/** Its action is the sender's own word, of which the description has an example. */
type Dispatched = "repository_dispatch.sample.collected";

const unknownToUs: Exclude<Described, GithubEventName | Dispatched>[] = [];
const unknownToGithub: Exclude<GithubEventName, Described | "repository_dispatch">[] = [];
unknownToUs satisfies never[];
unknownToGithub satisfies never[];
