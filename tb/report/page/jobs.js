// SPDX-License-Identifier: Apache-2.0
// The table of jobs, page by page, and everything about one job.
const TRACED = ['load', 'opal', 'skiboot'];  // suites that run a machine
const order = {by: 'job', down: false};
let page = 0;

function jobButton(i) {
  const button = el('button', {type: 'button', class: 'plain'}, job.folder(i));
  button.addEventListener('click', () => showJob(i));
  return button;
}

function showJob(i) {
  const dialog = $('job');
  const close = el('button', {type: 'button'}, 'Close');
  close.addEventListener('click', () => dialog.close());
  const filter = el('input', {type: 'search', autocomplete: 'off'});
  const table = el('table'), settings = el('table');
  const fill = () => fillTable(table, ['metric', 'value'], metricNames
    .filter(name => has(metrics[name](i)) && name.includes(filter.value)).map(name => [name, metrics[name](i)]));
  filter.addEventListener('input', fill);
  const failure = data.failures.find(f => f.signature === job.signature(i));
  const line = (name, ...content) => el('p', {}, el('b', {}, `${name}: `), ...content);
  dialog.replaceChildren(
    el('h2', {id: 'job-title'}, `Job ${job.folder(i)}: `, el('span', {class: job.verdict(i)}, job.verdict(i)), ' ', close),
    ...(failure ? [line('Failure', job.signature(i))] : []),
    line('Files', el('a', {href: `${link(i)}/`}, 'folder'), ' ', el('a', {href: `${link(i)}/log.txt`}, 'log'), ' ',
      el('a', {href: `${link(i)}/config.yaml`}, 'configuration'), ' ',
      job.capsule(i) ? el('a', {href: `${link(i)}/${job.capsule(i)}/`}, 'capsule') : null),
    line('Digest', el('code', {}, job.digest(i) || 'none')),
    line('Reproduce', command(reproduce(i))),
    ...(TRACED.includes(keys.suite(i))
      ? [line('Perfetto trace', command(`xive-cosim report trace ${data.folder || '.'} ${job.folder(i)} --out trace.json`))] : []),
    settings, el('p', {}, el('label', {}, 'Metrics ', filter)), el('div', {class: 'scroll tall'}, table));
  fillTable(settings, ['key', 'value'], [...Object.keys(keys).map(name => [name, keys[name](i)]), ['seed', job.seed(i)]]);
  fill();
  dialog.showModal();
}

function drawJobs() {
  const name = metricName();
  const columns = new Map([['job', job.folder], ['verdict', job.verdict], [shortMetric(name), metricOf],
    ...varying.map(key => [short(key), keys[key]]), ['seed', job.seed],
    ...(data.failures.length ? [['signature', i => job.signature(i) || null]] : [])]);
  if (!columns.has(order.by)) order.by = 'job';
  const size = Number($('page-size').value);
  const rows = sorted(shown, columns.get(order.by), order.down);
  const pages = Math.max(1, Math.ceil(rows.length / size));
  page = Math.max(0, Math.min(page, pages - 1));
  const part = rows.slice(page * size, page * size + size);
  $('page-text').textContent = part.length
    ? `${text(page * size + 1)} to ${text(page * size + part.length)} of ${text(rows.length)}, page ${page + 1} of ${pages}` : 'no jobs';
  $('page-first').disabled = $('page-back').disabled = page === 0;
  $('page-last').disabled = $('page-next').disabled = page === pages - 1;
  const cell = (column, get, i) => column === 'job' ? jobButton(i)
    : column === 'verdict' ? el('td', {class: job.verdict(i)}, job.verdict(i))
    : typeof get(i) === 'string' && number(get(i)) !== null ? el('td', {class: 'num'}, get(i)) : get(i);
  fillTable($('jobs-table'), [...columns.keys()].map(column => sortHead(column, order, drawJobs)),
    part.map(i => [...columns].map(([column, get]) => cell(column, get, i))));
}

function buildJobs() {
  options($('page-size'), ['25', '100', '500'], '25');
  const go = to => { page = to(); drawJobs(); };
  $('page-size').addEventListener('change', () => go(() => 0));
  $('page-first').addEventListener('click', () => go(() => 0));
  $('page-back').addEventListener('click', () => go(() => page - 1));
  $('page-next').addEventListener('click', () => go(() => page + 1));
  $('page-last').addEventListener('click', () => go(() => Infinity));
  lazySection('jobs', drawJobs);
}
