/** The scenarios of the providers that may send basic credentials. */
import { withHeaders } from "../../deliveries/delivery.ts";
import { demandAcknowledged, demandRefused } from "./demands.ts";
import type { Draft, Traits } from "./traits.ts";

/** The scenarios about basic credentials. */
export function credentialScenarios({ make }: Traits): readonly Draft[] {
  return [
    {
      name: "refuses credentials that are missing or wrong with 401",
      clause: "any.13",
      needs: ["credentials"],
      async play(stage) {
        const delivery = make(stage);
        const { Authorization: _, ...headers } = delivery.headers;
        const { username, password } = stage.options.credentials!;
        await demandRefused(stage, { ...delivery, headers }, 401);
        for (const wrong of [
          `${username}:${password}x`,
          `${username}x:${password}`,
          `${username}:`,
          "no colon",
        ])
          await demandRefused(stage, withHeaders(delivery, { Authorization: `Basic ${btoa(wrong)}` }), 401);
        await demandRefused(stage, withHeaders(delivery, { Authorization: "Bearer of-bad-news" }), 401);
      },
    },
    {
      name: "takes the scheme of basic credentials in any case",
      clause: "any.13",
      needs: ["credentials"],
      async play(stage) {
        const delivery = make(stage);
        const authorization = (delivery.headers["Authorization"] ?? "").replace("Basic ", "bAsIC  ");
        const [attempt] = await stage.play(withHeaders(delivery, { Authorization: authorization }));
        demandAcknowledged(stage, attempt);
      },
    },
  ];
}
