// Files reports at a steady rate, as many people in turn.
//
// Usage: node writes.mjs SERVER STEM RATE SECONDS
//
// Reads STEM.people, see people.mjs. Prints one JSON object: how many reports were filed, and the
// median and the 99th percentile of their milliseconds.

import http from 'node:http';
import { readFileSync } from 'node:fs';

const [server, stem, rate, seconds] = process.argv.slice(2);
const people = readFileSync(`${stem}.people`, 'utf8').trim().split('\n').map(line => line.split(' '));
const agent = new http.Agent({ keepAlive: true });

const call = (method, path, headers, body) =>
  new Promise((done, failed) => {
    const request = http.request(`${server}${path}`, { agent, method, headers }, reply => {
      const parts = [];
      reply.on('data', part => parts.push(part));
      reply.on('end', () => {
        const text = Buffer.concat(parts).toString();
        if (reply.statusCode === 200) done(JSON.parse(text));
        else failed(new Error(`${path}: ${reply.statusCode} ${text}`));
      });
    });
    request.on('error', failed);
    request.end(body);
  });

const reply = await call('GET', '/v1/status/getConfig', { Authorization: `Bearer ${people[0][1]}` });
const { campuses, device_types, fault_types } = reply.data;

const times = [];
async function file(number) {
  const [, token] = people[number % people.length];
  const report = {
    device_type: device_types[0],
    brand: 'Bench',
    description: `${process.pid}-${number}`,
    fault_type: fault_types[0],
    campus: campuses[0],
    phone: '13800000000',
  };
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const began = performance.now();
  await call('POST', '/v1/ticket/create', headers, JSON.stringify(report));
  times.push(performance.now() - began);
}

const begun = performance.now();
const under_way = [];
for (let number = 0; number < rate * seconds; number++) {
  const wait = begun + (number * 1000) / rate - performance.now();
  if (wait > 0) await new Promise(done => setTimeout(done, wait));
  under_way.push(file(number));
}
await Promise.all(under_way);
agent.destroy();
times.sort((a, b) => a - b);
const at = share => times[Math.min(times.length - 1, Math.floor(times.length * share))];
console.log(JSON.stringify({ writes: times.length, median: at(0.5), p99: at(0.99) }));
