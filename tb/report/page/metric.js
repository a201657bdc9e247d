// SPDX-License-Identifier: Apache-2.0
// One metric: its distribution over the jobs shown, and over a key.
const metricName = () => $('metric-name').value;
const metricOf = i => metrics[metricName()]?.(i);

function drawMetric() {
  const name = metricName();
  const list = ascending(shown.map(metricOf).filter(has));
  $('metric-summary').textContent = list.length
    ? `${name}: ${text(list.length)} jobs, ` + [['min', 0], ['25 %', 25], ['median', 50], ['75 %', 75], ['99 %', 99], ['max', 100]]
      .map(([what, p]) => `${what} ${text(percentile(list, p))}`).join(', ') + '.'
    : `No job shown has the metric ${name}.`;
  drawDistribution(name, list);
  const x = axis($('metric-x').value), by = $('metric-by').value;
  if (by === NONE) drawSpread(name, x); else drawLines(name, x, axis(by));
}

function drawDistribution(name, list) {
  const low = list[0] ?? 0, high = list[list.length - 1] ?? 0;
  const log = low > 0 && high / low > 1000;
  const scale = log ? Math.log10 : v => v, back = log ? v => 10 ** v : v => v;
  const bins = high === low ? 1 : Math.max(1, Math.min(40, Math.ceil(Math.sqrt(list.length))));
  const width = (scale(high) - scale(low)) / bins || 1;
  const heights = Array(bins).fill(0);
  for (const v of list) heights[Math.min(bins - 1, Math.floor((scale(v) - scale(low)) / width))]++;
  const edge = n => text(Number(back(scale(low) + n * width).toPrecision(4)));
  const label = n => bins === 1 ? text(low) : `${edge(n)} – ${edge(n + 1)}`;
  chart('chart-distribution', `Distribution of ${$('metric-summary').textContent}`, {
    type: 'bar',
    data: {labels: heights.map((_, n) => label(n)),
      datasets: [{label: 'jobs', data: heights, backgroundColor: COLOURS[0], categoryPercentage: 1, barPercentage: 0.94}]},
    options: {plugins: {legend: {display: false}},
      scales: {x: titled(shortMetric(name) + (log ? ' (logarithmic ranges)' : ''), {ticks: {maxTicksLimit: 8, maxRotation: 30}}), y: titled('jobs')}},
  }, ['range', 'jobs'], () => heights.map((h, n) => [label(n), h]));
}

/** Middle half, extremes and median of the metric for each value of a key. */
function drawSpread(name, x) {
  const groups = groupBy(shown.filter(i => has(metricOf(i))), x.of);
  const of = x.labels.map((_, n) => groups.has(n) ? ascending(groups.get(n).map(metricOf)) : null);
  const at = p => of.map(list => list ? percentile(list, p) : null);
  const span = (a, b) => of.map((list, n) => list ? [a[n], b[n]] : null);
  const [least, low, middle, high, most] = [0, 25, 50, 75, 100].map(at);
  $('over-caption').textContent = `Median, middle half and extremes for each ${x.name}`;
  chart('chart-over', `${$('over-caption').textContent} of ${name}`, {
    data: {labels: x.labels, datasets: [
      {type: 'line', label: 'median', data: middle, ...lineStyle(1), showLine: false, pointRadius: 5},
      {type: 'bar', label: 'middle half', data: span(low, high), backgroundColor: '#0b57d0b0', barPercentage: 0.5, grouped: false},
      {type: 'bar', label: 'extremes', data: span(least, most), backgroundColor: '#8b949e', barPercentage: 0.08, grouped: false}]},
    options: {scales: {x: titled(x.name), y: titled(shortMetric(name))}},
  }, [x.name, 'jobs', 'min', '25 %', 'median', '75 %', 'max'],
  () => x.labels.map((label, n) => [label, of[n]?.length ?? 0, least[n], low[n], middle[n], high[n], most[n]]));
}

function drawLines(name, x, by) {
  const groups = groupBy(shown.filter(i => has(metricOf(i))), by.of);
  const lines = [...groups].sort(([a], [b]) => a - b).slice(0, 12).map(([n, list]) => {
    const cells = groupBy(list, x.of);
    return [n, x.labels.map((_, place) => cells.has(place) ? mean(cells.get(place).map(metricOf)) : null)];
  });
  $('over-caption').textContent = `Mean for each ${x.name}, one line for each ${by.name}` +
    (groups.size > lines.length ? ` (the first ${lines.length} of ${groups.size})` : '');
  chart('chart-over', `${$('over-caption').textContent}, of ${name}`, {
    type: 'line',
    data: {labels: x.labels, datasets: lines.map(([n, values], place) => ({label: `${by.name} ${by.labels[n]}`, data: values, ...lineStyle(place)}))},
    options: {scales: {x: titled(x.name), y: titled(shortMetric(name))}, plugins: {legend: {labels: {usePointStyle: true}}}},
  }, [x.name, ...lines.map(([n]) => by.labels[n])], () => x.labels.map((label, n) => [label, ...lines.map(([, values]) => values[n])]));
}

function buildMetric() {
  const end = 'source_to_exception.median_ns';
  const preferred = metricNames.find(name => name === `latency.ipi.${end}`) ?? metricNames.find(name => name.endsWith(end)) ?? metricNames[0];
  const group = name => name.split('.').slice(0, name.includes('.stations.') ? 3 : 2).join('.');
  options($('metric-name'), metricNames, preferred, name => name.includes('.') ? group(name) : 'counts');
  options($('metric-x'), [...axisNames, NONE], axisNames[0]);
  options($('metric-by'), [NONE, ...axisNames], NONE);
  $('metric-name').addEventListener('change', () => redraw('metric', 'heat', 'trend', 'jobs'));
  for (const id of ['metric-x', 'metric-by']) $(id).addEventListener('change', () => redraw('metric'));
  lazySection('metric', drawMetric);
}
