// SPDX-License-Identifier: Apache-2.0
// What the page shows: columns of values, one for each job.
const data = JSON.parse(document.getElementById('data').textContent);
const count = data.jobs.count;
const everyJob = Array.from({length: count}, (_, i) => i);

// A constant is stored once, a word as its place in a dictionary.
const column = c => 'all' in c ? () => c.all : 'words' in c ? i => c.words[c.at[i]] : i => c.each[i];
const columns = list => Object.fromEntries(Object.entries(list).map(([name, c]) => [name, column(c)]));

const job = columns(data.jobs.columns);  // verdict, folder, seed, digest, signature, reproduce, capsule
const keys = columns(data.keys);
const metrics = columns(data.metrics);
const metricNames = Object.keys(metrics);
const varying = Object.keys(data.keys).filter(name => !('all' in data.keys[name]));
const passed = i => job.verdict(i) === 'pass';
const link = i => `${data.folder}jobs/${job.folder(i)}`;
// Keys and metrics without the parts that all have: "hops.esb.latency_ns" for "platform.hops.esb.latency_ns".
const short = name => {
  const rest = name.slice(name.indexOf('.') + 1);
  return varying.some(other => other !== name && other.endsWith(`.${rest}`)) ? name : rest;
};
const shortMetric = name => name.replace(/^latency\./, '').replace('.stations.', '.').replace(/_ns$/, ' (ns)');
const describe = i => varying.map(name => `${short(name)}=${keys[name](i)}`).concat(`seed=${job.seed(i)}`).join(', ');

const has = v => v !== null && v !== undefined;
const number = v => v !== '' && has(v) && !isNaN(v) ? Number(v) : null;
const byValue = (a, b) => {
  const x = number(a), y = number(b);
  return x !== null && y !== null ? x - y : String(a).localeCompare(String(b));
};
const text = v => {
  if (!has(v)) return '–';
  if (typeof v !== 'number') return String(v);
  const size = Math.abs(v);
  if (size !== 0 && (size < 1e-4 || size >= 1e15)) return v.toPrecision(4);
  return Number(v.toPrecision(6)).toLocaleString('en', {maximumFractionDigits: 6});
};

// --- statistics ---
const mean = list => list.reduce((a, b) => a + b, 0) / list.length;
/** Nearest rank; `sorted` ascends. */
const percentile = (sorted, p) =>
  sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p / 100 * sorted.length) - 1))];
const ascending = list => list.sort((a, b) => a - b);
const statistics = {
  mean,
  median: list => percentile(ascending(list), 50),
  '99 %': list => percentile(ascending(list), 99),
  smallest: list => list.reduce((a, b) => Math.min(a, b)),
  largest: list => list.reduce((a, b) => Math.max(a, b)),
};
const groupBy = (list, of) => {
  const groups = new Map();
  for (const i of list) {
    const name = of(i);
    if (!has(name)) continue;
    if (groups.has(name)) groups.get(name).push(i); else groups.set(name, [i]);
  }
  return groups;
};

// --- axes: the values of a key; many numbers become ranges ---
const AXIS_MAX = 24;
const NONE = '(none)';
const axes = new Map();  // {name, labels, of: place of a job's value in the labels}
function axis(name) {
  if (!axes.has(name)) axes.set(name, makeAxis(name));
  return axes.get(name);
}
function makeAxis(name) {
  if (name === NONE) return {name: 'all points', labels: ['all'], of: () => 0};
  const get = name === 'seed' ? job.seed : keys[name];
  const values = [...new Set(everyJob.map(get))].sort(byValue);
  const numbers = values.map(number);
  if (values.length <= AXIS_MAX || numbers.includes(null)) {
    const place = new Map(values.map((v, n) => [v, n]));
    return {name: short(name), labels: values.map(String), of: i => place.get(get(i))};
  }
  const bins = 12, low = numbers[0], width = (numbers[numbers.length - 1] - low) / bins;
  const edge = n => text(Number((low + n * width).toPrecision(3)));
  return {
    name: short(name), range: [low, numbers[numbers.length - 1]],
    labels: Array.from({length: bins}, (_, n) => `${edge(n)} – ${edge(n + 1)}`),
    of: i => Math.min(bins - 1, Math.floor((Number(get(i)) - low) / width)),
  };
}
const severalSeeds = !('all' in data.jobs.columns.seed);
const axisNames = [...varying, ...(severalSeeds ? ['seed'] : [])];
