// SPDX-License-Identifier: Apache-2.0
// The matrix of points: fields of two keys, in each field a square for each point.
const pointOf = (() => {
  const names = new Map();
  const number = new Int32Array(count);
  for (const i of everyJob) {
    const name = varying.map(key => keys[key](i)).join('|');
    if (!names.has(name)) names.set(name, names.size);
    number[i] = names.get(name);
  }
  return number;
})();
const pointCount = count ? Math.max(...groupBy(everyJob, i => pointOf[i]).keys()) + 1 : 0;

/** Jobs of each field of two axes. */
function fieldsOf(x, y, jobs) {
  return groupBy(jobs, i => x.of(i) + y.of(i) * x.labels.length);
}

function drawPoints() {
  const x = axis($('points-x').value), y = axis($('points-y').value);
  const seen = new Set(shown);
  const fields = fieldsOf(x, y, everyJob);
  const largest = Math.max(0, ...[...fields.values()].map(list => new Set(list.map(i => pointOf[i])).size));
  const square = ([point, list]) => {
    const good = list.filter(passed).length;
    const kind = good === list.length ? 'pass' : good ? 'some' : 'none';
    const faint = list.some(i => seen.has(i)) ? '' : ' out';
    return `<i class="point ${kind}${faint}" data-point="${point}"></i>`;
  };
  const field = (column, row) => {
    const list = fields.get(column + row * x.labels.length);
    if (!list) return el('td', {class: 'num'}, '–');
    const good = list.filter(passed).length;
    const name = `${x.name} ${x.labels[column]}, ${y.name} ${y.labels[row]}: ${good} of ${list.length} passed`;
    const button = el('button', {type: 'button', class: `field ${good === list.length ? 'pass' : 'fail'}`, tabIndex: -1,
      'aria-label': name, title: name}, `${good}/${list.length}`);
    button.addEventListener('click', () => showJobs(`${x.name} ${x.labels[column]}, ${y.name} ${y.labels[row]}`,
      i => x.of(i) === column && y.of(i) === row));
    const squares = el('div', {class: `squares${largest > 64 ? ' small' : ''}`, 'aria-hidden': true});
    squares.innerHTML = [...groupBy(list, i => pointOf[i])].map(square).join('');
    return el('td', {}, button, squares);
  };
  fillTable($('points-table'), [`${y.name} \\ ${x.name}`, ...x.labels],
    y.labels.map((label, row) => [label, ...x.labels.map((_, column) => field(column, row))]));
  roving($('points-table'));
}

/** One stop of the tab key for all fields; arrow keys move between them. */
function roving(table) {
  const grid = [...table.querySelectorAll('tbody tr')].map(tr => [...tr.querySelectorAll('td')].map(td => td.querySelector('button')));
  const first = table.querySelector('button');
  if (first) first.tabIndex = 0;
  table.onkeydown = event => {
    const step = {ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0]}[event.key];
    if (!step) return;
    let row = grid.findIndex(line => line.includes(event.target)), col = grid[row]?.indexOf(event.target);
    let next = null;
    while (row >= 0 && !next) {
      row += step[0];
      col += step[1];
      if (grid[row]?.[col] === undefined) break;
      next = grid[row][col];
    }
    event.preventDefault();
    if (!next) return;
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  };
}

function buildPoints() {
  options($('points-x'), [...axisNames, NONE], axisNames[0] ?? NONE);
  options($('points-y'), [...axisNames, NONE], varying[1] ?? NONE);
  for (const id of ['points-x', 'points-y']) $(id).addEventListener('change', () => redraw('points'));
  const table = $('points-table');
  table.addEventListener('click', event => {
    const point = event.target.dataset.point;
    if (point !== undefined) showJobs('one point', i => pointOf[i] === Number(point));
  });
  table.addEventListener('mouseover', event => {
    const point = event.target.dataset.point;
    if (point === undefined || event.target.title) return;
    const list = everyJob.filter(i => pointOf[i] === Number(point));
    event.target.title = `${varying.map(key => `${short(key)}=${keys[key](list[0])}`).join(', ')}: ${list.filter(passed).length} of ${list.length} passed`;
  });
  lazySection('points', drawPoints);
}
