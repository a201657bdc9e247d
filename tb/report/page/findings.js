// SPDX-License-Identifier: Apache-2.0
// Failures by signature, and the rules.
const FAILURES_SHOWN = 10;  // of each signature

function command(words) {
  return el('span', {}, el('code', {}, words), ' ', copyButton(words));
}
const reproduce = i => `cd ${link(i)} && ${job.reproduce(i)}`;

function buildFailures() {
  const list = $('failure-list');
  if (!data.failures.length) list.append(el('p', {class: 'pass'}, 'None.'));
  for (const [n, failure] of data.failures.entries()) {
    const table = el('table');
    const rows = failure.jobs.slice(0, FAILURES_SHOWN).map(i => [jobButton(i), describe(i),
      job.capsule(i) ? el('a', {href: `${link(i)}/${job.capsule(i)}/`}, 'capsule') : '–', command(reproduce(i))]);
    const all = el('button', {type: 'button'}, `Show all ${failure.jobs.length} in the table of jobs`);
    all.addEventListener('click', () => showJobs(failure.signature, i => job.signature(i) === failure.signature));
    const details = el('details', {open: n < 3},
      el('summary', {}, el('b', {}, `${failure.jobs.length} × `), failure.signature),
      el('p', {}, failure.first), el('div', {class: 'scroll'}, table), el('p', {}, all));
    list.append(details);
    fillTable(table, ['job', 'point', 'capsule', 'reproduce'], rows);
  }
}

function buildRules() {
  const never = data.rules.filter(rule => !rule.hits).length;
  $('rules-summary').textContent = !data.rules.length ? 'No job has rules.'
    : never ? `${never} of ${data.rules.length} rules never had a chance to fire: they are no evidence.`
    : `All ${data.rules.length} rules were put to the test.`;
  const groups = [...groupBy(data.rules, rule => rule.id.replace(/-[^-]*$/, ''))];
  fillTable($('rules-groups'), ['group', 'rules', 'put to the test', 'share', 'fired'], groups.map(([name, list]) => {
    const hit = list.filter(rule => rule.hits).length;
    const bar = el('i');
    bar.style.width = `${100 * hit / list.length}%`;
    return [name, list.length, hit, el('span', {class: 'share', role: 'img', 'aria-label': `${hit} of ${list.length}`}, bar),
      list.filter(rule => rule.fired).length];
  }));
  const state = {by: 'fired', down: true};
  const columns = {rule: r => r.id, hits: r => r.hits, 'in jobs': r => r.jobs, fired: r => r.fired};
  const draw = () => {
    const word = $('rules-text').value.toLowerCase(), only = $('rules-never').checked;
    const list = data.rules.filter(r => r.id.toLowerCase().includes(word) && (!only || !r.hits || r.fired));
    $('rules-count').textContent = `${list.length} of ${data.rules.length} rules`;
    const order = sorted(list.map((_, n) => n), n => columns[state.by](list[n]), state.down).map(n => list[n]);
    fillTable($('rules-table'), Object.keys(columns).map(name => sortHead(name, state, draw)),
      order.map(r => [r.id, r.hits, r.jobs, el('td', {class: r.fired ? 'num fail' : 'num'}, text(r.fired))]));
    [...$('rules-table').tBodies[0].rows].forEach((row, n) => row.classList.toggle('never', !order[n].hits));
  };
  $('rules-text').addEventListener('input', draw);
  $('rules-never').addEventListener('change', draw);
  draw();
}
