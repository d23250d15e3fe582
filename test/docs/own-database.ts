/** An empty database, for an app that makes tables of its own. */
import pg from "pg";

/** Its address, and what takes it away again. */
export interface OwnDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Makes one on the server of another database. */
export async function ownDatabase(url: string): Promise<OwnDatabase> {
  const name = `start_${process.pid}`;
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`drop database if exists ${name} with (force)`);
  await client.query(`create database ${name}`);
  return {
    url: Object.assign(new URL(url), { pathname: name }).href,
    async drop() {
      await client.query(`drop database ${name} with (force)`);
      await client.end();
    },
  };
}
