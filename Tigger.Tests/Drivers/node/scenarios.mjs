// What the drivers' programs here share: each scenario that ends well is one line "ok NAME"; the first that does not ends the run.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const { PGHOST: host, PGPORT: port, PGUSER: user, PGDATABASE: database, PGSSLROOTCERT: authority } = process.env;

export const connection = {
  host, user, database,
  port: Number(port),
  ssl: authority ? { ca: readFileSync(authority), servername: 'localhost' } : false,
};

export async function run(scenarios) {
  for (const [name, scenario] of Object.entries(scenarios)) {
    try {
      await scenario();
    } catch (error) {
      console.error(`failed ${name}:`, error);
      process.exit(1);
    }
    console.log(`ok ${name}`);
  }
}

/** The SQLSTATE a promise is rejected with. */
export async function sqlState(promise) {
  const error = await promise.then(() => assert.fail('no error'), error => error);
  return error.code;
}

export const range = count => Array.from({ length: count }, (_, n) => n);
