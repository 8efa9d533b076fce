import assert from 'node:assert/strict';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import postgres from 'postgres';
import { connection, range, run, sqlState } from './scenarios.mjs';

const notices = [];
const sql = postgres({ ...connection, max: 3, onnotice: notice => notices.push(notice.message) });

// Every few dozen runs, on PostgreSQL itself too, this driver does not go on with the connection of a COPY.
const streams = postgres({ ...connection, max: 1 });

await run({
  // The driver sends all of them at once, as statements it names itself.
  async pipelined() {
    const sums = await Promise.all(range(300).map(n => sql`SELECT ${n}::int + ${1000}::int AS sum`));
    assert.deepEqual(sums.map(([row]) => row.sum), range(300).map(n => n + 1000));
  },
  async 'errors in a pipeline'() {
    const results = await Promise.allSettled(range(60).map(n => sql`SELECT 60 / ${n % 3}::int AS quotient`));
    for (const [n, { status, value, reason }] of results.entries()) {
      assert.equal(status, n % 3 === 0 ? 'rejected' : 'fulfilled');
      assert.equal(n % 3 === 0 ? reason.code : value[0].quotient, n % 3 === 0 ? '22012' : 60 / (n % 3));
    }
  },
  async transactions() {
    await sql`CREATE TABLE postgres_js (n int)`;
    await Promise.all(range(20).map(n => sql.begin(async own => {
      await own`INSERT INTO postgres_js VALUES (${n})`;
      await own.savepoint(inner => inner`INSERT INTO postgres_js VALUES (${n + 100})`);
      if (n % 2 === 1)
        throw Object.assign(new Error('no'), { code: 'own' });
    }).catch(error => assert.equal(error.code, 'own'))));
    const rows = await sql`SELECT n FROM postgres_js ORDER BY n`;
    assert.deepEqual(rows.map(row => row.n), [...range(10).map(n => n * 2), ...range(10).map(n => (n * 2) + 100)]);
  },
  async copy() {
    await streams`TRUNCATE postgres_js`;
    const lines = range(20000).map(n => `${n}\n`);
    await pipeline(Readable.from(lines), await streams`COPY postgres_js FROM STDIN`.writable());
    let text = '';
    for await (const chunk of await streams`COPY (SELECT n FROM postgres_js ORDER BY n) TO STDOUT`.readable())
      text += chunk;
    assert.equal(text, lines.join(''));
  },
  async cursor() {
    let at = 0;
    for await (const rows of sql`SELECT n FROM postgres_js ORDER BY n`.cursor(3000))
      rows.forEach(row => assert.equal(row.n, at++));
    assert.equal(at, 20000);
  },
  async 'several statements'() {
    const results = await sql.unsafe('SELECT 1 AS a; SELECT 2 AS b');
    assert.deepEqual(results.map(rows => Object.values(rows[0])[0]), [1, 2]);
  },
  async notices() {
    await sql.unsafe("DO $$ BEGIN RAISE NOTICE 'heard'; END $$");
    assert.deepEqual(notices, ['heard']);
  },
  async cancel() {
    const query = sql`SELECT pg_sleep(60)`.execute();
    const timer = setInterval(() => query.cancel(), 200);
    assert.equal(await sqlState(query), '57014');
    clearInterval(timer);
    assert.equal((await sql`SELECT 7 AS seven`)[0].seven, 7);
  },
});
await Promise.all([sql.end(), streams.end({ timeout: 5 })]);
