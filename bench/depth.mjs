// Compares the first page of a list with its last, as an admin asks for them.
//
// Usage: node depth.mjs SERVER TOKEN
//
// Prints one JSON object a list: the median milliseconds of both, taken in turn.

import http from 'node:http';

const [server, token] = process.argv.slice(2);
const TIMES = 300;

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const ask = search =>
  new Promise((done, failed) => {
    const options = { agent, headers: { Authorization: `Bearer ${token}` } };
    const request = http.get(`${server}/v1/status/getTicket?${search}`, options, reply => {
      const parts = [];
      reply.on('data', part => parts.push(part));
      reply.on('end', () => {
        if (reply.statusCode !== 200) failed(new Error(`${search}: ${reply.statusCode}`));
        else done(JSON.parse(Buffer.concat(parts)));
      });
    });
    request.on('error', failed);
  });

const median = numbers => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

for (const list of ['all', 'pending', 'done']) {
  const { total, limit } = await ask(`list=${list}`);
  const pages = Math.ceil(total / limit);
  const searches = { first: `list=${list}`, middle: `list=${list}&page=${Math.ceil(pages / 2)}`, last: `list=${list}&page=${pages}` };
  const times = { first: [], middle: [], last: [] };
  for (let i = 0; i < TIMES; i++) {
    for (const [name, search] of Object.entries(searches)) {
      const began = performance.now();
      await ask(search);
      times[name].push(performance.now() - began);
    }
  }
  const [first, middle, last] = Object.values(times).map(median);
  console.log(JSON.stringify({ list, pages, first, middle, last }));
}
agent.destroy();
