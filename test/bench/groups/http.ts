/** Goals 1 to 3 and 9: the whole way over HTTP, on each framework and beside each provider's own library. */
import { joined, type Findings, type Group } from "../group.ts";
import { measureSigned } from "./http/signed.ts";
import { measureUnsigned } from "./http/unsigned.ts";

export const http: Group = {
  name: "http",
  title: "the whole way over HTTP, every event a new one; ratios are of the same round",
  async measure(settings) {
    const findings: Findings[] = [];
    for (const format of settings.formats) findings.push(await measureUnsigned(format, settings));
    findings.push(await measureSigned(settings));
    return joined(findings);
  },
};
