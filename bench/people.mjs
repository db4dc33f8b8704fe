// Makes tokens of many people of the demo, as the server would.
//
// Usage: FIXDESK_SECRET=... node people.mjs SERVER STEM COUNT
//
// Reads what sign_in.mjs left in STEM.token and STEM.admin. Leaves STEM.people, a line a person:
// their id and their token. All of them have tickets, and these lie all over the table.

import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const [server, stem, count] = process.argv.slice(2);
const wanted = Number(count);
const LIMIT = 100;

const headers = { Authorization: `Bearer ${readFileSync(`${stem}.admin`, 'utf8')}` };
async function ask(page) {
  const reply = await fetch(`${server}/v1/status/getTicket?limit=${LIMIT}&page=${page}`, { headers });
  if (!reply.ok) throw new Error(`getTicket: ${reply.status} ${await reply.text()}`);
  return reply.json();
}

const people = new Set();
const pages = Math.ceil((await ask(1)).total / LIMIT);
const STEPS = 50;
for (let step = 0; step < STEPS && people.size < wanted; step++) {
  const { data } = await ask(1 + Math.floor((pages - 1) * (step / STEPS)));
  let taken = 0;
  for (const { user_id: id } of data) {
    if (people.size < wanted && taken < wanted / STEPS && !people.has(id)) {
      people.add(id);
      taken++;
    }
  }
}

const encode = text => Buffer.from(text).toString('base64url');
const [head, claims] = readFileSync(`${stem}.token`, 'utf8').split('.');
const genuine = JSON.parse(Buffer.from(claims, 'base64url'));
function tokenOf(id) {
  const own = { ...genuine, sub: String(id), jti: randomBytes(16).toString('hex') };
  const signed = `${head}.${encode(JSON.stringify(own))}`;
  return `${signed}.${createHmac('sha256', process.env.FIXDESK_SECRET).update(signed).digest('base64url')}`;
}

// Some have been sent away, or have a new password.
async function isLetIn([id, token]) {
  const reply = await fetch(`${server}/v1/status/getTicket?uid=${id}`, { headers: { Authorization: `Bearer ${token}` } });
  await reply.arrayBuffer();
  return reply.ok;
}

const lines = [];
for (const id of people) {
  const person = [id, tokenOf(id)];
  if (await isLetIn(person)) lines.push(`${person.join(' ')}\n`);
}
writeFileSync(`${stem}.people`, lines.join(''));
