// Signs in as people of the demo and records what they are asked with.
//
// Usage: node sign_in.mjs SERVER STEM
//
// Leaves, of a user with ten tickets, STEM.token, STEM.url, STEM.answer, STEM.cookie
// and STEM.page, and of an admin STEM.admin (a token) and STEM.admin-cookie.

import { writeFileSync } from 'node:fs';

const [server, stem] = process.argv.slice(2);
const password = 'fixdesk-demo';

async function token(username) {
  const login = await fetch(`${server}/v1/user/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  if (!login.ok) throw new Error(`sign-in: ${login.status} ${await login.text()}`);
  return login.json();
}

async function cookie(username) {
  const login = await fetch(`${server}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { Origin: server },
    body: new URLSearchParams({ username, password }),
  });
  if (login.status !== 303) throw new Error(`sign-in: ${login.status}`);
  return login.headers.getSetCookie().map(set => set.split(';')[0]).join('; ');
}

const { access_token, uid } = await token('user');
const url = `${server}/v1/status/getTicket?uid=${uid}`;
const reply = await fetch(url, { headers: { Authorization: `Bearer ${access_token}` } });
const answer = Buffer.from(await reply.arrayBuffer());
if (!reply.ok) throw new Error(`getTicket: ${reply.status} ${answer}`);

writeFileSync(`${stem}.token`, access_token);
writeFileSync(`${stem}.url`, url);
writeFileSync(`${stem}.answer`, answer);
writeFileSync(`${stem}.cookie`, await cookie('user'));
writeFileSync(`${stem}.page`, `${server}/my`);
writeFileSync(`${stem}.admin`, (await token('admin')).access_token);
writeFileSync(`${stem}.admin-cookie`, await cookie('admin'));
