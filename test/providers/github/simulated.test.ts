/** GitHub in the simulator: the judge of its webhooks, and of deployments that wait. */
import { github } from "@answerback/providers/github";
import { judgeBy, printReport, scenariosFor, senders } from "@answerback/simulator";
import { describe, it } from "vitest";
import { two } from "../../life-cycle/support.ts";
import { subject } from "../support.ts";
import { secret, sender } from "./support.ts";

const authorize = async () => ({ authorization: "Bearer ghs_token" });
const [webhooks, deployments] = sender.senders;
const [forms] = senders.github({ secret, contentType: "form" }).senders;

describe.concurrent.each(two)("$name", (framework) => {
  it.for([
    ["webhooks", webhooks!],
    ["webhooks as forms", forms!],
    ["deployments", deployments!],
  ] as const)(
    "github.1 github.4 github.5 the judge of %s finds nothing wrong",
    { timeout: 60_000 },
    async ([, judged], { expect }) => {
      const how = { idOf: ({ delivery }: any) => delivery, options: { authorize } };
      const made = subject(framework, () => github({ secret }), how);
      const report = await judgeBy(scenariosFor(judged), made, { mount: "/hooks" });
      expect(report.findings, printReport(report)).toEqual([]);
      expect(report.skipped).toEqual([]);
    },
  );
});
