import assert from 'node:assert/strict';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import pg from 'pg';
import Cursor from 'pg-cursor';
import copy from 'pg-copy-streams';
import { connection, range, run, sqlState } from './scenarios.mjs';

const clients = range(4).map(() => new pg.Client(connection));
await Promise.all(clients.map(client => client.connect()));
const [client] = clients;
const value = async (text, values) => Object.values((await client.query(text, values)).rows[0])[0];

await run({
  // One name, another text in each session: nobody gets the plan of another.
  async prepared() {
    await Promise.all(clients.map(async (each, own) => {
      for (const n of range(100)) {
        const result = await each.query({ name: 'statement', text: `SELECT $1::int + ${own} AS sum`, values: [n] });
        assert.equal(result.rows[0].sum, n + own);
      }
    }));
  },
  async 'prepared statement fails'() {
    const divide = { name: 'divide', text: 'SELECT 1 / $1::int AS quotient' };
    assert.equal((await client.query({ ...divide, values: [1] })).rows[0].quotient, 1);
    assert.equal(await sqlState(client.query({ ...divide, values: [0] })), '22012');
    assert.equal((await client.query({ ...divide, values: [1] })).rows[0].quotient, 1);
    assert.equal(await sqlState(client.query({ name: 'wrong', text: 'SELECT nonsense', values: [] })), '42703');
  },
  async transactions() {
    await client.query('CREATE TABLE node_pg (n int)');
    await client.query('BEGIN');
    await client.query('INSERT INTO node_pg VALUES ($1)', [1]);
    assert.equal(await sqlState(client.query('SELECT 1 / 0')), '22012');
    assert.equal(await sqlState(client.query('SELECT 1')), '25P02');
    await client.query('ROLLBACK');
    assert.equal(await value('SELECT count(*)::int FROM node_pg'), 0);
  },
  async copy() {
    const lines = range(20000).map(n => `${n}\n`);
    await pipeline(Readable.from(lines), client.query(copy.from('COPY node_pg FROM STDIN')));
    const chunks = [];
    for await (const chunk of client.query(copy.to('COPY (SELECT n FROM node_pg ORDER BY n) TO STDOUT')))
      chunks.push(chunk);
    assert.equal(Buffer.concat(chunks).toString(), lines.join(''));
  },
  async cursor() {
    await client.query('BEGIN');
    const cursor = client.query(new Cursor('SELECT n FROM node_pg ORDER BY n', []));
    for (let at = 0, rows; (rows = await cursor.read(3000)).length > 0; at += rows.length)
      assert.deepEqual(rows.map(row => row.n), range(rows.length).map(n => n + at));
    await client.query('COMMIT');
  },
  async notices() {
    const notice = once(client, 'notice');
    await client.query("DO $$ BEGIN RAISE NOTICE 'heard'; END $$");
    assert.equal((await notice)[0].message, 'heard');
  },
  async cancel() {
    const query = new pg.Query('SELECT pg_sleep(60)');
    const result = once(query, 'error');
    client.query(query);
    const timer = setInterval(() => new pg.Client(connection).cancel(client, query), 200);
    assert.equal((await result)[0].code, '57014');
    clearInterval(timer);
    assert.equal(await value('SELECT 7'), 7);
  },
});
await Promise.all(clients.map(each => each.end()));
