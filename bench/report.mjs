// Prints the medians of the recorded wrk runs as a Markdown table.
//
// Usage: node report.mjs FOLDER ROUNDS TICKETS CONNECTIONS THREADS

import { existsSync, readFileSync, statSync } from 'node:fs';

const [folder, rounds, tickets, connections, threads] = process.argv.slice(2);

const median = numbers => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

const milliseconds = text => {
  const [, number, unit] = text.match(/([\d.]+)(us|ms|s)/);
  return number * { us: 0.001, ms: 1, s: 1000 }[unit];
};

const read = run => {
  const text = readFileSync(run, 'utf8');
  return {
    rate: Number(text.match(/Requests\/sec: *([\d.]+)/)[1]),
    p50: milliseconds(text.match(/50% +(\S+)/)[1]),
    p99: milliseconds(text.match(/99% +(\S+)/)[1]),
  };
};

// Round 0 was the warm-up.
const measured = name => {
  const runs = Array.from({ length: Number(rounds) }, (_, i) => read(`${folder}/${name}.${i + 1}.wrk`));
  const of = key => median(runs.map(run => run[key]));
  return { name, rate: of('rate'), p50: of('p50'), p99: of('p99') };
};

const ready = name => {
  const starts = `${folder}/${name}.starts`;
  if (!existsSync(starts)) return '';
  return median(readFileSync(starts, 'utf8').trim().split('\n').map(Number)).toFixed(0);
};

const servers = ['nginx', 'sqlite', 'postgres'].map(measured);
const nginx = servers[0].rate;
const bytes = name => statSync(`${folder}/${name}.answer`).size;

console.log(`getTicket by uid among ${tickets} tickets, answers of ${bytes('sqlite')} (SQLite) and ${bytes('postgres')} (PostgreSQL) bytes,`);
console.log(`nginx serving the former; ${connections} connections, ${threads} wrk threads, medians of ${rounds} rounds.\n`);
console.log('| server | requests/s | of nginx | p50 ms | p99 ms | ready ms |');
console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
for (const { name, rate, p50, p99 } of servers) {
  console.log(`| ${name} | ${rate.toFixed(0)} | ${(rate / nginx).toFixed(3)} | ${p50.toFixed(2)} | ${p99.toFixed(2)} | ${ready(name)} |`);
}
