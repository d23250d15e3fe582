/** Goal 6: the durable backends beside their raw clients and the routes of people, and how often a delivery asks them. */
import { joined, type Group } from "../group.ts";
import { measureRoutes } from "./durable/routes.ts";
import { measureTrips } from "./durable/trips.ts";
import { measureVerbs } from "./durable/verbs.ts";

export const durable: Group = {
  name: "durable",
  title: "what is durable before the answer: verbs beside a raw client, whole routes beside those of people",
  async measure(settings) {
    return joined([await measureVerbs(settings), await measureRoutes(settings), await measureTrips()]);
  },
};
