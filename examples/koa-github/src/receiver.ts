/** The receiver: who is let in, and what becomes of GitHub's events. */
import { createReceiver, type ReceiverOptions } from "@answerback/core";
import { github } from "@answerback/providers/github";

/** What the process hands in, and a test in its place. */
export interface Settings extends Pick<
  ReceiverOptions,
  "backend" | "observe" | "onError" | "clock" | "transport"
> {
  /** The webhook's secret. */
  readonly secret: string | undefined;
  /** Gives a token of an installation of the App. */
  readonly tokenOf: (installation: number) => Promise<string>;
  /** Says what is wrong with a commit; an empty list lets it be deployed. It may take its time. */
  readonly check: (sha: string) => Promise<readonly string[]>;
  /** The titles of open issues by their number: stands for a database. */
  readonly issues?: Map<number, string>;
}

export function makeReceiver({ secret, tokenOf, check, issues = new Map(), ...options }: Settings) {
  return createReceiver(github({ secret }), {
    ...options,
    // asked at each post, so that no token is stored
    authorize: async ({ account }) => {
      const { installation } = account as { installation: number };
      return { authorization: `Bearer ${await tokenOf(installation)}` };
    },
    handle: {
      "issues.opened": ({ data: { issue } }) => {
        issues.set(issue.number, issue.title);
      },

      "issues.closed": ({ data: { issue } }) => {
        issues.delete(issue.number);
      },

      // GitHub is told at once that this has come; the deployment waits, for thirty days if need be
      "deployment_protection_rule.requested": async ({ data }, { post }) => {
        await post({ comment: "The commit is being checked." });
        const faults = await check(data.deployment?.sha ?? "");
        return faults.length === 0
          ? { state: "approved", comment: "All is well." }
          : { state: "rejected", comment: faults.join("\n") };
      },
    },
  });
}
