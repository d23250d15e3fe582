/** The answer to a deployment that waits: reports, and one decision, each posted with the token of an installation. */
import {
  isRecord,
  toJson,
  type EncodableEvent,
  type Post,
  type PostResponse,
} from "@answerback/core/provider";
import { z } from "zod";

/**
 * A decision: whether the deployment goes on.
 *
 * @see {@link https://docs.github.com/rest/actions/workflow-runs#review-custom-deployment-protection-rules-for-a-workflow-run}
 */
export interface GithubReview {
  /** Whether the deployment goes on. */
  readonly state: "approved" | "rejected";
  /** What people read beside it. */
  readonly comment?: string | undefined;
  /** The environment. Default: that of the event. */
  readonly environment_name?: string | undefined;
}

/** A report: a comment that decides nothing. GitHub takes ten for a deployment. */
export interface GithubReport {
  /** What people read meanwhile: Markdown, at most 1,024 characters. */
  readonly comment: string;
  /** There is none: the deployment waits on. */
  readonly state?: undefined;
  /** The environment. Default: that of the event. */
  readonly environment_name?: string | undefined;
}

/** The schema of a decision, or a report. */
export const review: z.ZodType<GithubReview | GithubReport> = z.union([
  z.looseObject({
    state: z.enum(["approved", "rejected"]),
    comment: z.string().optional(),
    environment_name: z.string().min(1).optional(),
  }),
  z.looseObject({
    state: z.undefined().optional(),
    comment: z.string().min(1).max(1_024),
    environment_name: z.string().min(1).optional(),
  }),
]);

/**
 * The post of a decision, or a report. A decision may be posted twice: the second one decides nothing.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#github.5 github.5}
 */
export function postOf(answer: GithubReview | GithubReport, url: string, { data }: EncodableEvent): Post {
  const { environment, installation } = data as Record<string, unknown>;
  const headers = {
    accept: "application/vnd.github+json",
    "content-type": "application/json",
    "user-agent": "answerback",
  };
  return {
    url,
    body: toJson({ environment_name: environment, ...answer }),
    headers,
    account: { installation: isRecord(installation) ? installation["id"] : undefined },
    idempotent: answer.state !== undefined,
  };
}

/**
 * A 403 may mean that GitHub was asked too often. Then it says when to come again, or wants a minute.
 *
 * @see {@link https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#rate-limit-errors}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#github.6 github.6}
 */
export function judge({ status, headers, body }: PostResponse): { readonly againMs: number } | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const { "retry-after": seconds = "", "x-ratelimit-remaining": left, "x-ratelimit-reset": reset } = headers;
  if (/^\d+$/.test(seconds)) return { againMs: Number(seconds) * 1_000 };
  const resetsInMs = Number(reset) * 1_000 - Date.parse(headers["date"] ?? "");
  if (left === "0" && resetsInMs >= 0) return { againMs: resetsInMs };
  return /rate limit/i.test(body) ? { againMs: 60_000 } : undefined;
}
