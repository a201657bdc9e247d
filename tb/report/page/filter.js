// SPDX-License-Identifier: Apache-2.0
// Which jobs are shown.
const filters = new Map();  // name: {test of a job, what it is if no control shows it}
let shown = everyJob;

function setFilter(name, test, note = '') {
  if (test) filters.set(name, {test, note}); else filters.delete(name);
}
function update() {
  const list = [...filters.values()];
  shown = list.length ? everyJob.filter(i => list.every(({test}) => test(i))) : everyJob;
  $('filter-count').textContent = [`${text(shown.length)} of ${text(count)} jobs shown`,
    ...list.map(({note}) => note).filter(Boolean)].join('; ');
  redraw();
}

function buildFilter() {
  const form = $('filter');
  const select = (name, list, test) => {
    const element = el('select', {id: `filter-${name}`});
    options(element, ['any', ...list]);
    element.addEventListener('change', () => {
      setFilter(name, element.value === 'any' ? null : i => test(i, element.value));
      update();
    });
    form.append(el('label', {title: name}, `${short(name)} `, element));
  };
  const range = (name, [low, high]) => {
    const from = el('input', {type: 'number', step: 'any', placeholder: text(low), 'aria-label': `${short(name)} from`});
    const to = el('input', {type: 'number', step: 'any', placeholder: text(high), 'aria-label': `${short(name)} to`});
    const change = () => {
      const a = from.value === '' ? -Infinity : Number(from.value), b = to.value === '' ? Infinity : Number(to.value);
      setFilter(name, i => Number(keys[name](i)) >= a && Number(keys[name](i)) <= b);
      update();
    };
    from.addEventListener('input', change);
    to.addEventListener('input', change);
    form.append(el('fieldset', {id: `filter-${name}`}, el('legend', {title: name}, short(name)), from, '–', to));
  };
  const distinct = get => [...new Set(everyJob.map(get))].filter(v => v !== '').sort(byValue).map(String);
  select('verdict', distinct(job.verdict), (i, v) => job.verdict(i) === v);
  const signatures = distinct(job.signature);
  if (signatures.length) select('signature', signatures, (i, v) => job.signature(i) === v);
  for (const name of varying) {
    const {labels, range: limits} = axis(name);
    if (limits) range(name, limits);
    else if (labels.length <= AXIS_MAX) select(name, labels, (i, v) => String(keys[name](i)) === v);
  }
  const search = el('input', {id: 'filter-text', type: 'search', autocomplete: 'off', placeholder: 'words, key=value'});
  search.addEventListener('input', () => {
    const words = search.value.toLowerCase().split(/[\s,]+/).filter(Boolean);
    setFilter('text', words.length ? i => {
      const line = `${job.folder(i)} ${describe(i)} ${job.signature(i)}`.toLowerCase();
      return words.every(word => line.includes(word));
    } : null);
    update();
  });
  const clear = el('button', {type: 'button', id: 'filter-clear'}, 'Clear');
  clear.addEventListener('click', clearFilter);
  form.append(el('label', {}, 'text ', search), clear);
  form.addEventListener('submit', event => event.preventDefault());
}
function clearFilter() {
  $('filter').reset();
  filters.clear();
  update();
}
/** From somewhere on the page: these jobs, and to their table. */
function showJobs(note, test) {
  setFilter('chosen', test, note);
  update();
  $('jobs').scrollIntoView();
  $('jobs').focus();
}
