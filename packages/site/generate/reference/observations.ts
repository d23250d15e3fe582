/** The page of observations: what `observe` gets, kind by kind, and what `onError` gets beside the error. */
import { fromDoc, linkTo } from "../links.ts";
import { block, code, heading, page, type Page } from "../page.ts";
import { nameOf } from "../sources/declared.ts";
import { tagsOf } from "../sources/doc.ts";
import { membersTable } from "../types.ts";

const kinds = ["DeliveryObservation", "RunObservation", "PostObservation", "DeadObservation"] as const;

/** Makes the page. */
export function observationsPage(): Page {
  return page("reference/observations.md", "Observations", [
    `The option \`observe\` gets ${fromDoc(lower(nameOf("Observation").doc.text), "core")} No record holds a secret, or a value out of a body.`,
    block("js", "createReceiver(postback(), { observe: (record) => log.info(record), … })"),
    ...kinds.flatMap((name) => {
      const { doc, members } = nameOf(name);
      const kind = members.find((member) => member.name === "kind")!.type.replaceAll('"', "");
      return [
        heading(2, code(kind), kind),
        `${fromDoc(doc.text, "core")} Its type is [\`${name}\`](${linkTo(name)}).`,
        membersTable(members, "core"),
      ];
    }),
    heading(2, "Outcomes of a delivery", "outcomes"),
    fromDoc(nameOf("Outcome").doc.text, "core"),
    heading(2, "What `onError` gets", "onError"),
    `The error, and beside it the facts, of the type [\`ErrorFacts\`](${linkTo("ErrorFacts")}). The codes are on the page of [messages](/reference/messages.md).`,
    membersTable(nameOf("ErrorFacts").members, "core"),
    `Stages: ${fromDoc(nameOf("Stage").doc.text, "core")}`,
    ...tagsOf(nameOf("Observation").doc, "see").map((see) => fromDoc(see, "core")),
  ]);
}

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
