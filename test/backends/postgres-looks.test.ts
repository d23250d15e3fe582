/** What people ask of postgres: each page, count and cause from an index, and pages that end early where they pass over much. */
import type { ListOptions } from "@answerback/core/backend";
import { postgres } from "@answerback/postgres";
import pg from "pg";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { describeWith, engineOf } from "../support/engines.ts";
import { opened, schemaOfFile } from "../support/postgres-records.ts";

/** A node of a plan, as far as it is looked at here. */
interface Plan {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Actual Rows": number;
  readonly Plans?: readonly Plan[];
}

describeWith("postgres")("what people ask of Postgres", () => {
  const { options, query, schema } = schemaOfFile();
  const table = `"${schema}".records`;
  const about = { name: '"usual"', id: '"subject 7"' };

  /** How many records of 50,000 are settled, the oldest of them; the others are of each state in turn. */
  const settled = 40_000;

  beforeAll(async () => {
    const backend = postgres(options());
    await backend.open("receiver");
    await backend.close();
    await query(
      `INSERT INTO ${table} (receiver, key, attempts, until, token, sequence, held, kind, answer, work, due, died, note, arrived, name, id)
       SELECT receivers.id, 'key ' || n, 1, until, '', 1, state <> 'waiting', CASE WHEN state IN ('dead', 'paused') THEN state ELSE 'run' END,
         CASE WHEN state NOT IN ('free', 'held') THEN '"answer"' END, work, CASE WHEN work IS NOT NULL THEN until END,
         CASE WHEN state = 'dead' THEN n END, '"why"', n, CASE WHEN n = 10 THEN '"rare"' ELSE '"usual"' END, '"subject ' || n % 1000 || '"'
       FROM "${schema}".receivers, (
         SELECT n, state, CASE WHEN state NOT IN ('settled', 'free', 'held') THEN '"event"' END AS work,
           now() + CASE WHEN state IN ('due', 'free') THEN interval '-1 hour' ELSE interval '1 day' END AS until
         FROM (
           SELECT n, CASE WHEN n <= ${settled} THEN 'settled' ELSE (ARRAY['free', 'held', 'due', 'waiting', 'paused', 'dead'])[1 + n % 6] END AS state
           FROM generate_series(1, 50000) AS n
         ) AS named
       ) AS made`,
    );
    await query(`ANALYZE ${table}`);
  });

  async function looking() {
    const { records } = await opened(options(), "receiver");
    const asked = vi.spyOn(pg.Pool.prototype, "query");
    onTestFinished(() => asked.mockRestore());
    /** What was asked since, without what the sweep asks, which other statements set off. */
    const looks = () =>
      asked.mock.calls
        .map(([config]) => config as unknown as pg.QueryConfig)
        .filter(({ text }) => !/DELETE|kept_until = NULL/.test(text));
    return { records, looks };
  }

  /** How records are read when the last of the statements is done again. */
  async function scans(looks: () => pg.QueryConfig[]): Promise<Plan[]> {
    const { text, values } = looks().at(-1)!;
    const { rows } = await query(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values);
    const all = ({ Plans = [], ...node }: Plan): Plan[] => [node, ...Plans.flatMap(all)];
    const plan = all(rows[0]["QUERY PLAN"][0].Plan);
    expect(plan.filter((node) => node["Node Type"] === "Sort" && node["Actual Rows"] > 100)).toEqual([]);
    return plan.filter((node) => node["Relation Name"] === "records");
  }

  const kinds = (plan: readonly Plan[]) => new Set(plan.map((node) => node["Node Type"]));
  const most = (plan: readonly Plan[]) => Math.max(...plan.map((node) => node["Actual Rows"]));

  describe("a page", () => {
    const filters: [Omit<ListOptions, "limit">, index: string][] = [
      [{}, "resting"],
      [{ state: "settled" }, "resting"],
      [{ state: "free" }, "resting"],
      [{ state: "held" }, "resting"],
      [{ state: "due" }, "pending"],
      [{ state: "waiting" }, "pending"],
      [{ state: "paused" }, "pending"],
      [{ state: "dead" }, "dead"],
      [{ name: about.name }, "resting"],
      [{ id: about.id }, "about"],
      [{ ...about, state: "settled" }, "about"],
      [{ name: about.name, state: "dead" }, "dead"],
      [{ name: about.name, state: "paused" }, "pending"],
      [{ since: 49_000 }, "resting"],
    ];

    test.each(filters)(
      "of %j comes from an index, at its beginning and in its middle",
      async (filter, index) => {
        const { records, looks } = await looking();
        for (const after of [undefined, { at: 49_995, key: "" }]) {
          const { entries } = await records.list({ ...filter, limit: 3, after });
          expect(entries.length).toBeGreaterThan(0);
          const plan = await scans(looks);
          expect(plan.map((node) => node["Index Name"])).toContain(index);
          expect(kinds(plan)).toEqual(new Set(["Index Scan"]));
        }
      },
    );

    test("of many records reads no more than it shows", async () => {
      const { records, looks } = await looking();
      for (const at of [20_000, 49_000]) {
        await records.list({ limit: 10, after: { at, key: "" } });
        expect(most(await scans(looks))).toBeLessThan(15);
      }
    });

    test("of all records is never what is due, read to its end and sorted", async () => {
      const { records, looks } = await looking();
      await records.list({ limit: 10 });
      const { text, values } = looks().at(-1)!;
      const client = new pg.Client({ connectionString: engineOf("postgres").at });
      await client.connect();
      onTestFinished(() => client.end());
      // a planner that could take another index does so without this one
      await client.query(`BEGIN; DROP INDEX "${schema}".pending`);
      const { rows } = await client.query(`EXPLAIN ${text}`, values);
      await client.query("ROLLBACK");
      expect(JSON.stringify(rows)).not.toMatch(/using due|on due/);
    });

    test("ends where it passed over enough, and the next ones find the rest", async () => {
      const { records } = await looking();
      let [pages, found] = [0, 0];
      for (let after: ListOptions["after"]; pages < 100;) {
        const { entries, next } = await records.list({ limit: 10, name: '"rare"', after });
        pages += 1;
        found += entries.length;
        if (!next) break;
        after = next;
      }
      expect([pages, found]).toEqual([11, 1]);
    });
  });

  test("counts look at no more than they are asked to", async () => {
    const { records, looks } = await looking();
    const { counts } = await records.stats(100);
    expect(counts).toEqual({
      held: 50,
      free: 50,
      due: 100,
      waiting: 100,
      paused: 100,
      dead: 100,
      settled: 0,
    });
    const plan = await scans(looks);
    expect(kinds(plan)).not.toContain("Seq Scan");
    expect(most(plan)).toBeLessThanOrEqual(200);
  });

  test("causes come from the index of the dead", async () => {
    const { records, looks } = await looking();
    expect(await records.causes(7)).toEqual([{ note: '"why"', name: about.name, count: 7 }]);
    const plan = await scans(looks);
    expect(plan.map((node) => node["Index Name"])).toEqual(["dead"]);
    expect(most(plan)).toBe(7);
  });

  test("each is planned by itself: no plan outlives the size that the table had", async () => {
    const { records, looks } = await looking();
    await records.list({ limit: 1 });
    await records.list({ limit: 1, state: "dead" });
    await records.stats(1);
    await records.causes(1);
    expect(looks().map((config) => "name" in config)).toEqual([false, false, false, false]);
  });

  test("receivers are named without one being open", async () => {
    const backend = postgres(options());
    onTestFinished(() => backend.close());
    expect(await backend.receivers!()).toEqual(["receiver"]);
  });
});
