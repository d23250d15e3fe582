/** Goal 7: what is due is worked, as fast as the slots allow, and none of it starves the rest. */
import { joined, type Group } from "../group.ts";
import { measureFairness } from "./due/fairness.ts";
import { measureSlots } from "./due/slots.ts";
import { measureStart } from "./due/start.ts";

export const due: Group = {
  name: "due",
  title: "background work: a start with much to do, slots that are never idle, runs beside posts",
  async measure(settings) {
    return joined([
      await measureStart(settings),
      await measureSlots(settings),
      await measureFairness(settings),
    ]);
  },
};
