// SPDX-License-Identifier: Apache-2.0
// Batch by batch, from the ledger.
function drawTrend() {
  const name = metricName();
  const values = data.trend.map(batch => batch.metrics[name] ?? null);
  const labels = data.trend.map(batch => `${batch.id} ${batch.commit.slice(0, 7)}`);
  chart('chart-trend', `Jobs that passed and mean of ${name} in ${data.trend.length} batches`, {
    data: {labels, datasets: [
      {type: 'line', label: `mean of ${name}`, data: values, ...lineStyle(0), yAxisID: 'mean'},
      {type: 'bar', label: 'passed', data: data.trend.map(b => b.passed), backgroundColor: '#9bd3ab', yAxisID: 'jobs', stack: 'jobs'},
      {type: 'bar', label: 'not passed', data: data.trend.map(b => b.runs - b.passed), backgroundColor: COLOURS[1], yAxisID: 'jobs', stack: 'jobs'}]},
    options: {scales: {x: {stacked: true}, jobs: titled('jobs', {stacked: true, position: 'right', grid: {drawOnChartArea: false}, grace: '10%'}),
      mean: titled(shortMetric(name), {position: 'left'})}},
  }, ['batch', 'started', 'commit', 'jobs', 'passed', `mean of ${name}`],
  () => data.trend.map((b, n) => [b.id, b.started, b.commit, b.runs, b.passed, values[n]]));
}

function buildTrend() {
  $('trend-summary').textContent = data.trend_note ||
    (data.trend.length ? `${data.trend.length} batches of this sweep in the ledger, the oldest first.` : 'No batch of this sweep is in the ledger yet.');
  $('trend-figure').hidden = !data.trend.length;
  if (data.trend.length) lazySection('trend', drawTrend);
}
