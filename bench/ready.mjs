// Prints how many milliseconds a server takes from the start of its process to
// its first 200, once for each start.
//
// Usage: node ready.mjs STARTS URL TOKEN COMMAND [ARGUMENT...]

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';

const [starts, url, token, command, ...args] = process.argv.slice(2);

let child;
process.on('exit', () => child?.kill('SIGKILL'));
process.on('SIGTERM', () => process.exit(143));

// One small connection a try; fetch would add its own start-up time.
const status = () =>
  new Promise(done => {
    http
      .get(url, { agent: false, headers: { Authorization: `Bearer ${token}` } }, reply => {
        reply.resume();
        done(reply.statusCode);
      })
      .on('error', () => done(0));
  });

const wait = ms => new Promise(done => setTimeout(done, ms));

for (let i = 0; i < Number(starts); i++) {
  const began = performance.now();
  child = spawn(command, args, { stdio: 'ignore' });
  const ended = once(child, 'exit');

  while ((await status()) !== 200) {
    if (child.exitCode !== null) throw new Error('the server has stopped');
    if (performance.now() - began > 20_000) throw new Error('no 200 in 20 s');
    await wait(2);
  }
  console.log((performance.now() - began).toFixed(1));

  child.kill('SIGTERM');
  await ended;
}
