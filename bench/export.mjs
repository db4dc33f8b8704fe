// Fetches every ticket as CSV and watches what it costs the server.
//
// Usage: node export.mjs SERVER COOKIE PID
//
// Prints one JSON object: rows, seconds, and by how many megabytes the server's
// private memory grew at most.

import { readFileSync } from 'node:fs';

const [server, cookie, pid] = process.argv.slice(2);

const memory = () => {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return [...rollup.matchAll(/^Private_\w+: +(\d+) kB$/gm)].reduce((sum, [, kb]) => sum + Number(kb), 0) / 1024;
};

const before = memory();
let most = before;
const watch = setInterval(() => (most = Math.max(most, memory())), 100);
const began = performance.now();
const reply = await fetch(`${server}/tickets.csv`, { headers: { Cookie: cookie } });
if (!reply.ok) throw new Error(`export: ${reply.status}`);
let [rows, bytes] = [-1, 0];
for await (const part of reply.body) {
  bytes += part.length;
  for (const byte of part) if (byte === 10) rows++;
}
const seconds = (performance.now() - began) / 1000;
clearInterval(watch);
console.log(JSON.stringify({ rows, bytes, seconds, grown: most - before }));
