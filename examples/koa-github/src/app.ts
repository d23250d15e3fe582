/** The app: what becomes of GitHub's events, and where they come in. */
import { createReceiver, type ReceiverOptions } from "@answerback/core";
import { createKoaMiddleware } from "@answerback/koa";
import { github } from "@answerback/providers/github";
import Koa from "koa";

/**
 * What the process hands in, and a test in its place. The backend is memory unless one is given: it forgets at a restart, and
 * then a deployment waits for a decision that nobody posts.
 */
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

export function createApp({ secret, tokenOf, check, issues = new Map(), ...options }: Settings) {
  const receiver = createReceiver(github({ secret }), {
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

  const app = new Koa();
  // before any body parser: the signature is over the bytes, and a parser leaves none
  app.use(createKoaMiddleware(receiver, { path: "/hooks/github" }));
  return { app, receiver };
}
