// Signs in as the demo user and records one lookup of their own tickets.
//
// Usage: node sign_in.mjs SERVER STEM
//
// Leaves STEM.token, STEM.url and STEM.answer.

import { writeFileSync } from 'node:fs';

const [server, stem] = process.argv.slice(2);

const login = await fetch(`${server}/v1/user/login`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ username: 'user', password: 'fixdesk-demo' }),
});
if (!login.ok) throw new Error(`sign-in: ${login.status} ${await login.text()}`);
const { access_token, uid } = await login.json();

const url = `${server}/v1/status/getTicket?uid=${uid}`;
const reply = await fetch(url, { headers: { Authorization: `Bearer ${access_token}` } });
const answer = Buffer.from(await reply.arrayBuffer());
if (!reply.ok) throw new Error(`getTicket: ${reply.status} ${answer}`);

writeFileSync(`${stem}.token`, access_token);
writeFileSync(`${stem}.url`, url);
writeFileSync(`${stem}.answer`, answer);
