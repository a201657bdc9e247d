// SPDX-License-Identifier: Apache-2.0
// Stations of interrupts (latency.KIND.stations.STATION.STATISTIC_ns), end to end
// (latency.KIND.source_to_X.STATISTIC_ns), and hops of the timing model (hops.HOP.STATISTIC_ns).
const STATS = ['min', 'median', 'p90', 'p99', 'p999', 'max'];
const MODEL = 'hops alone';
const latencies = metricNames.flatMap(name => {
  const alone = /^hops\.([^.]+)\.(min|median|p\d+|max)_ns$/.exec(name);
  if (alone) return [{name, kind: MODEL, hop: alone[1], whole: false, stat: alone[2]}];
  const match = /^latency\.([^.]+)\.(stations\.)?([^.]+)\.(min|median|p\d+|max)_ns$/.exec(name);
  return match ? [{name, kind: match[1], hop: match[3], whole: !match[2], stat: match[4]}] : [];
});
const place = hop => data.hops.includes(hop) ? data.hops.indexOf(hop) : data.hops.length;
const positive = v => v > 0 ? v : null;  // a logarithmic axis has no place for 0
const distinctOf = (list, what) => [...new Set(list.map(l => l[what]))];

/** Mean over the jobs shown, null if none has it. */
function meanOf(name) {
  const list = shown.map(metrics[name]).filter(has);
  return list.length ? mean(list) : null;
}

function drawHops() {
  const stat = $('hops-stat').value;
  const list = latencies.filter(l => l.stat === stat && !l.whole).map(l => ({...l, value: meanOf(l.name)})).filter(l => has(l.value));
  const kinds = distinctOf(list, 'kind'), hops = distinctOf(list, 'hop').sort((a, b) => place(a) - place(b));
  const value = (kind, hop) => list.find(l => l.kind === kind && l.hop === hop)?.value ?? null;
  chart('chart-hops', `${stat} latency of ${hops.length} hops for ${kinds.length} kinds of interrupts`, {
    type: 'bar',
    data: {labels: hops, datasets: kinds.map((kind, n) => ({label: kind, data: hops.map(hop => positive(value(kind, hop))), backgroundColor: colour(n)}))},
    options: {indexAxis: 'y', scales: {x: titled(`${stat} in ns, logarithmic`, {type: 'logarithmic'}), y: {ticks: {autoSkip: false}}}},
  }, ['hop', ...kinds], () => hops.map(hop => [hop, ...kinds.map(kind => value(kind, hop))]));
}

function drawPercentiles() {
  const kind = $('hops-kind').value;
  const list = latencies.filter(l => l.kind === kind).map(l => ({...l, value: meanOf(l.name)})).filter(l => has(l.value));
  const stats = STATS.filter(stat => list.some(l => l.stat === stat));
  const hops = distinctOf(list, 'hop').sort((a, b) => place(b) - place(a) || a.localeCompare(b));
  const value = (hop, stat) => list.find(l => l.hop === hop && l.stat === stat)?.value ?? null;
  $('percentiles-caption').textContent = `Distribution of the latencies of ${kind}, end to end and by hop`;
  chart('chart-percentiles', $('percentiles-caption').textContent, {
    type: 'line',
    data: {labels: stats, datasets: hops.map(hop => ({label: hop, data: stats.map(stat => positive(value(hop, stat)))}))
      .filter(line => line.data.some(has)).map((line, n) => ({...line, ...lineStyle(n)}))},
    options: {scales: {x: titled('part of the interrupts', {offset: true}), y: titled('ns, logarithmic', {type: 'logarithmic'})},
      plugins: {legend: {position: 'right', labels: {usePointStyle: true, boxHeight: 6, font: {size: 11}}}}},
  }, ['hop', ...stats], () => hops.map(hop => [hop, ...stats.map(stat => value(hop, stat))]));
}

function buildHops() {
  if (!latencies.length) {
    $('hops').replaceChildren(el('h2', {}, 'Hops'), el('p', {class: 'hint'}, 'No job has latencies of hops.'));
    return;
  }
  options($('hops-stat'), STATS.filter(stat => latencies.some(l => l.stat === stat && !l.whole)), 'median');
  options($('hops-kind'), distinctOf(latencies, 'kind'), 'ipi');
  $('hops-stat').addEventListener('change', drawHops);
  $('hops-kind').addEventListener('change', drawPercentiles);
  lazySection('hops', () => { drawHops(); drawPercentiles(); });
}
