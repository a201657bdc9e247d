// SPDX-License-Identifier: Apache-2.0
// A metric over two keys.
const shade = part => {  // 0..1: light to dark
  const [a, b] = [[247, 251, 255], [8, 48, 107]];
  return a.map((v, n) => Math.round(v + (b[n] - v) * part));
};
/** Relative luminance of WCAG 2: black or white, whichever can be read better. */
const inkOn = rgb => {
  const [r, g, b] = rgb.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? '#000' : '#fff';
};

function drawHeat() {
  const x = axis($('heat-x').value), y = axis($('heat-y').value), of = $('heat-of').value;
  const fields = new Map([...fieldsOf(x, y, shown.filter(i => has(metricOf(i))))]
    .map(([place, jobs]) => [place, {value: statistics[of](jobs.map(metricOf)), jobs: jobs.length}]));
  const list = [...fields.values()].map(field => field.value);
  const low = Math.min(...list), high = Math.max(...list);
  const cell = (column, row) => {
    const field = fields.get(column + row * x.labels.length);
    if (!field) return el('td', {class: 'num'}, '–');
    const rgb = shade(high > low ? (field.value - low) / (high - low) : 0);
    const td = el('td', {class: 'num', title: `${x.name} ${x.labels[column]}, ${y.name} ${y.labels[row]}: ${field.jobs} jobs`}, text(Number(field.value.toPrecision(4))));
    td.style.background = `rgb(${rgb})`;
    td.style.color = inkOn(rgb);
    return td;
  };
  fillTable($('heat-table'), [`${y.name} \\ ${x.name}`, ...x.labels],
    y.labels.map((label, row) => [label, ...x.labels.map((_, column) => cell(column, row))]));
  $('heat-summary').textContent = list.length
    ? `The ${of} of ${metricName()} over the jobs of each field: from ${text(low)} to ${text(high)}.`
    : `No job shown has the metric ${metricName()}.`;
  const bar = el('i', {'aria-hidden': true});
  bar.style.background = `linear-gradient(90deg, rgb(${shade(0)}), rgb(${shade(0.5)}), rgb(${shade(1)}))`;
  $('heat-legend').replaceChildren(...(list.length ? [text(low), bar, text(high)] : []));
}

function buildHeat() {
  options($('heat-x'), [...axisNames, NONE], axisNames[0] ?? NONE);
  options($('heat-y'), [...axisNames, NONE], varying[1] ?? NONE);
  options($('heat-of'), Object.keys(statistics), 'mean');
  for (const id of ['heat-x', 'heat-y', 'heat-of']) $(id).addEventListener('change', () => redraw('heat'));
  lazySection('heat', drawHeat);
}
