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

const lines = name => readFileSync(`${folder}/${name}`, 'utf8').trim().split('\n').map(line => JSON.parse(line));
const cases = ['nginx', ...['lookup', 'many', 'mixed', 'page'].flatMap(what => [`sqlite-${what}`, `postgres-${what}`])];
const servers = cases.map(measured);
const nginx = servers[0].rate;
const bytes = statSync(`${folder}/sqlite.answer`).size;

console.log(`Among ${tickets} tickets; nginx serves ${bytes} bytes, an answer of getTicket; ${connections} connections,`);
console.log(`${threads} wrk threads, medians of ${rounds} rounds.\n`);
console.log('| server | requests/s | of nginx | p50 ms | p99 ms |');
console.log('| --- | ---: | ---: | ---: | ---: |');
for (const { name, rate, p50, p99 } of servers) {
  console.log(`| ${name} | ${rate.toFixed(0)} | ${(rate / nginx).toFixed(3)} | ${p50.toFixed(2)} | ${p99.toFixed(2)} |`);
}
console.log('\n| list | pages | first ms | middle | last | last / first |');
console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
for (const name of ['sqlite', 'postgres']) {
  for (const { list, pages, first, middle, last } of lines(`${name}.depth`)) {
    const times = [first, middle, last].map(time => time.toFixed(2)).join(' | ');
    console.log(`| ${name} ${list} | ${pages} | ${times} | ${(last / first).toFixed(2)} |`);
  }
}
console.log('\n| filters | lists | median ms | 95 % | 99 % | slowest |');
console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
for (const name of ['sqlite', 'postgres']) {
  const [{ lists, median, p95, p99, slowest }] = lines(`${name}.filters`);
  const times = [median, p95, p99, slowest[0][0]].map(time => time.toFixed(1)).join(' | ');
  console.log(`| ${name} | ${lists} | ${times} |`);
  for (const [time, search] of slowest) console.error(`    ${name} ${time.toFixed(1)} ms ${search}`);
}
console.log('\n| while mixed | reports | median ms | 99 % |');
console.log('| --- | ---: | ---: | ---: |');
for (const name of ['sqlite', 'postgres']) {
  const [, ...runs] = lines(`${name}.writes`);
  const of = key => median(runs.map(run => run[key]));
  console.log(`| ${name} | ${of('writes')} | ${of('median').toFixed(1)} | ${of('p99').toFixed(1)} |`);
}
console.log('\n| server | private memory under load | every ticket as CSV | memory grew by | ready ms |');
console.log('| --- | ---: | ---: | ---: | ---: |');
for (const name of ['sqlite', 'postgres']) {
  const memory = (Number(readFileSync(`${folder}/${name}.memory`, 'utf8')) / 1024).toFixed(1);
  const [{ rows, seconds, grown }] = lines(`${name}.export`);
  console.log(`| ${name} | ${memory} MB | ${rows} rows in ${seconds.toFixed(1)} s | ${grown.toFixed(1)} MB | ${ready(name)} |`);
}
