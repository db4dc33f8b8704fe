// Asks for the first page of a list under every filter and every two filters, in
// every order from its end, as an admin's browser does.
//
// Usage: node filters.mjs SERVER COOKIE
//
// Prints one JSON object: how many lists were asked for, the median and the 95th
// percentile of their milliseconds, and the slowest.

import http from 'node:http';

const [server, cookie] = process.argv.slice(2);
const TIMES = 2;
const SLOWEST = 8;

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const ask = search =>
  new Promise((done, failed) => {
    const address = `${server}/rpc/tickets?place=All&search=${encodeURIComponent(search)}`;
    const request = http.get(address, { agent, headers: { Cookie: cookie } }, reply => {
      const parts = [];
      reply.on('data', part => parts.push(part));
      reply.on('end', () => {
        const text = Buffer.concat(parts).toString();
        if (reply.statusCode !== 200) failed(new Error(`${search}: ${reply.statusCode} ${text}`));
        else done(JSON.parse(text));
      });
    });
    request.on('error', failed);
  });

const { page } = await ask('list=done');
const { campus, device_type, fault_type, owner, technician, created } = page.items[0].card;
const day = created.slice(0, 10);
const filters = [
  'list=pending',
  'list=done',
  ...['Pending', 'Repairing', 'UserConfirming', 'TechConfirming', 'Done', 'Closed', 'Canceled'].map(name => `status=${name}`),
  `campus=${campus}`,
  'campus=none',
  `device=${device_type}`,
  'device=none',
  `fault=${fault_type}`,
  'fault=none',
  `uid=${owner.id}`,
  `tid=${technician.id}`,
  'unassigned=yes',
  'waiting=yes',
  ...['filed', 'assigned', 'completed'].flatMap(name => [
    `${name}_from=${day}&${name}_to=${day}`,
    `${name}_to=${day}`,
    `${name}_from=2999-01-01`,
  ]),
];
const name = filter => filter.split(/[=_]/)[0];
const searches = [];
for (const order of ['', '&sort=filed', '&sort=changed', '&sort=waiting']) {
  filters.forEach((filter, number) => {
    searches.push(filter + order);
    for (const other of filters.slice(number + 1)) {
      if (name(other) !== name(filter)) searches.push(`${filter}&${other}${order}`);
    }
  });
}

const times = [];
for (const search of searches) {
  let best = Infinity;
  for (let i = 0; i < TIMES; i++) {
    const began = performance.now();
    await ask(search);
    best = Math.min(best, performance.now() - began);
  }
  times.push([best, search]);
}
agent.destroy();
times.sort(([a], [b]) => a - b);
const at = share => times[Math.min(times.length - 1, Math.floor(times.length * share))][0];
console.log(
  JSON.stringify({ lists: times.length, median: at(0.5), p95: at(0.95), p99: at(0.99), slowest: times.slice(-SLOWEST).reverse() }),
);
