/** A fresh operator with the page alone, on a Postgres with 100,000 records of which 300 died of two different errors. */
import { PermanentError, RetryLater } from "@answerback/core";
import { postgres } from "@answerback/postgres";
import { expect, test } from "vitest";
import { describeWith, engineOf } from "../support/engines.ts";
import { schemaOfFile, type TestSchema } from "../support/postgres-records.ts";
import { browserOfSuite } from "./browser.ts";
import { inspected } from "./inspected.ts";

/** How many records there are of contacts of each last name. */
const many = { poor: 200, hopeless: 100, waits: 1_000, fine: 98_700 };

describeWith("chromium", "postgres")("an operator", () => {
  const at = schemaOfFile();
  const opened = browserOfSuite();

  test("finds both causes, retries one group, discards the other, pauses a type, and finds what became of one contact", async () => {
    let isCured = false;
    const app = await inspected("Express", {
      backend: postgres({ url: engineOf("postgres").at, schema: at.schema }),
      actions: true,
      receiving: {
        answerWithin: 0,
        handle: ({ data: { last_name: name } }: any) => {
          if (name === "waits") throw new RetryLater("1h");
          if (name === "hopeless") throw new PermanentError("no such city");
          if (name === "poor" && !isCured) throw new PermanentError("no customer 4711");
        },
      },
    });
    for (const last_name of Object.keys(many)) await app.deliver({ id: last_name, last_name });
    await app.receiver.idle();
    for (const [id, count] of Object.entries(many)) await multiply(at, id, count - 1);

    const page = await opened(app);
    await page.getByRole("link", { name: /^300 dead/ }).waitFor();
    await page.getByRole("link", { name: "Errors" }).click();
    const rowOf = (error: string) => page.getByRole("row").filter({ hasText: error });
    await rowOf("permanent: no customer #").getByText("200").waitFor();
    await rowOf("permanent: no such city").getByText("100").waitFor();

    await rowOf("no such city").getByRole("button", { name: "Discard all" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Discard all" }).click();
    await page.getByText("100 are discarded.").waitFor();
    isCured = true;
    await rowOf("no customer #").getByRole("button", { name: "Retry all" }).click();
    await page.getByText("200 are due again.").waitFor();
    await page.getByText("There are no dead letters.").waitFor();

    await page.getByRole("link", { name: "Live" }).click();
    await page.getByLabel("Event type to pause").fill("contact.delete");
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("The handling of contact.delete is paused.").waitFor();

    await page.getByRole("link", { name: "Records" }).click();
    await page.getByLabel("About").fill("fine-77777");
    await page.getByRole("button", { name: "Find" }).click();
    await page.getByText("1 found.").waitFor();
    await page.getByRole("link", { name: "contact.create" }).click();
    await page.getByText("handled, after").waitFor();

    await app.receiver.idle();
    const { counts, paused } = await app.receiver.records.stats({ upTo: 200_000 });
    expect(counts).toMatchObject({ dead: 0, due: 0, waiting: 1_000, settled: 99_000 });
    expect(paused).toEqual({ all: false, names: ["contact.delete"] });
  }, 120_000);
});

/** Copies the record about `id`: the copies are about `id-1`, `id-2` and so on, and arrived before it. */
async function multiply({ schema, query }: TestSchema, id: string, count: number): Promise<void> {
  const { rows } = await query(`SELECT * FROM "${schema}".records WHERE id = $1`, [JSON.stringify(id)]);
  const own = ["key", "id", "arrived", "died"];
  const columns = Object.keys(rows[0]).filter((name) => !own.includes(name));
  await query(
    `INSERT INTO "${schema}".records (${columns.join()}, ${own.join()})
     SELECT ${columns.join()}, md5(id || n), to_json($1 || '-' || n)::text, arrived - n, died - n
     FROM "${schema}".records, generate_series(1, $2::int) AS n WHERE id = $3`,
    [id, count, JSON.stringify(id)],
  );
}
