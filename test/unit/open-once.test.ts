/** The book of open names: one of a name at a time, and a closing that failed is over. */
import { memory, OptionError } from "@answerback/core";
import { openOnce } from "@answerback/core/backend";
import { expect, test } from "vitest";

test("after a closing that failed it opens and closes again", async () => {
  let isBroken = true;
  const backend = openOnce({
    open: async (name) => memory().open(name),
    async close() {
      if (isBroken) throw new Error("disk full");
    },
  });
  await expect(backend.close()).rejects.toThrow("disk full");
  isBroken = false;
  await backend.open("receiver");
  await backend.close();
});

test("an opening that failed is not open", async () => {
  let isBroken = true;
  const backend = openOnce({
    async open(name) {
      if (isBroken) throw new Error("away");
      return memory().open(name);
    },
    close: async () => {},
  });
  await expect(backend.open("receiver")).rejects.toThrow("away");
  isBroken = false;
  await backend.open("receiver");
  await expect(backend.open("receiver")).rejects.toThrow(OptionError);
});
