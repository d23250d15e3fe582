/** The scenarios of signatures: missing, wrong, of another body, too old, or forged. */
import { toMs } from "@answerback/core/provider";
import type { AnyDelivery, RawDelivery, Sign } from "../../protocols/protocol.ts";
import { textOf } from "../../protocols/protocol.ts";
import type { Stage } from "../scenario.ts";
import { statusOf } from "./demands.ts";
import type { SenderTraits } from "./sender-traits.ts";
import { once } from "./sender-traits.ts";
import type { Draft } from "./traits.ts";

/** The scenarios about what shows who sends; none for a sender that shows nothing. */
export function signatureScenarios({ sender, make }: SenderTraits): readonly Draft[] {
  const { sign } = sender.protocol;
  const { tolerance, forged } = sender.options;
  return [
    ...(sign ? [missingOrWrong(make, sign)] : []),
    ...(sign && signsBody(sender.delivery(sender.options.example!(1)), sign) ? [otherBody(make, sign)] : []),
    ...(sign && tolerance !== undefined ? [tooOld(make, sign, toMs(tolerance, "tolerance"))] : []),
    ...(forged ? [forgeries(make, forged)] : []),
  ];
}

type Make = SenderTraits["make"];

function missingOrWrong(make: Make, sign: Sign): Draft {
  return {
    name: "refuses a signature that is missing or wrong",
    clause: "any.30",
    async play(stage) {
      const delivery = make(stage);
      await demandUnknown(stage, signedBy(delivery, undefined), "a delivery without a signature");
      const wrong: Sign = (...sent) => flipped(sign(...sent));
      await demandUnknown(stage, signedBy(delivery, wrong), "a wrong signature");
    },
  };
}

function otherBody(make: Make, sign: Sign): Draft {
  return {
    name: "refuses a body that was changed on its way",
    clause: "any.30",
    async play(stage) {
      const delivery = make(stage);
      const changed = { ...delivery, body: changedBody(delivery) };
      await demandUnknown(
        stage,
        signedBy(changed, (_, sending) => sign(delivery, sending)),
        "a changed body",
      );
    },
  };
}

function tooOld(make: Make, sign: Sign, toleranceMs: number): Draft {
  return {
    name: "refuses a signature that is too old",
    clause: "any.31",
    async play(stage) {
      const old: Sign = (sent, { at, url }) => sign(sent, { at: at - toleranceMs - 60_000, url });
      await demandUnknown(stage, signedBy(make(stage), old), "a signature that is too old");
    },
  };
}

function forgeries(make: Make, forged: (delivery: RawDelivery) => readonly AnyDelivery[]): Draft {
  return {
    name: "refuses what is forged",
    clause: "any.30",
    async play(stage) {
      for (const delivery of forged(make(stage))) await demandUnknown(stage, delivery, "a forged delivery");
    },
  };
}

/** The delivery must be refused with some 4xx, and not handled. */
async function demandUnknown(stage: Stage, delivery: AnyDelivery, what: string): Promise<void> {
  const before = await stage.runs(delivery.id);
  const [attempt] = await stage.play(once(delivery), { callbackWithinMs: 0 });
  const status = statusOf(attempt);
  stage.demand(
    typeof status === "number" && status >= 400 && status < 500,
    `answered ${what} with ${status}`,
  );
  stage.demand((await stage.runs(delivery.id)) === before, `handled ${what}`);
}

/** The same delivery with another signature, or none. */
function signedBy(delivery: RawDelivery, sign: Sign | undefined): RawDelivery {
  return { ...delivery, protocol: { ...delivery.protocol!, sign } };
}

/** A secret in a header says nothing of the body. */
function signsBody(delivery: AnyDelivery, sign: Sign): boolean {
  const sending = { at: 0, url: new URL("http://127.0.0.1/") };
  const [one, other] = [delivery, { ...delivery, body: changedBody(delivery) }].map((sent) =>
    sign(sent, sending),
  );
  return JSON.stringify(one) !== JSON.stringify(other);
}

/** A field more in a form, a space more in anything else: it means the same, and is not what was signed. */
function changedBody({ headers, body }: AnyDelivery): string {
  return textOf(body) + (headers["Content-Type"]?.includes("urlencoded") ? "&changed=1" : " ");
}

/** Every header with one character of its middle off; the last of base64 may say nothing. */
function flipped(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const middle = Math.floor(value.length / 2);
      const other = value[middle] === "0" ? "1" : "0";
      return [name, value.slice(0, middle) + other + value.slice(middle + 1)];
    }),
  );
}
