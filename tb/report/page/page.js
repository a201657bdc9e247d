// SPDX-License-Identifier: Apache-2.0
'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const $ = id => document.getElementById(id);
  const count = data.jobs.count;
  const PAGE = 100;

  // --- columns: a constant is stored once, a word as its place in a dictionary ---
  const column = c => 'all' in c ? () => c.all : 'words' in c ? i => c.words[c.at[i]] : i => c.each[i];
  const keys = Object.fromEntries(Object.entries(data.keys).map(([k, c]) => [k, column(c)]));
  const metrics = Object.fromEntries(Object.entries(data.metrics).map(([k, c]) => [k, column(c)]));
  const verdict = column(data.jobs.verdict), seed = column(data.jobs.seed), folder = column(data.jobs.folder);
  const varying = Object.keys(data.keys).filter(k => !('all' in data.keys[k]));
  const metricNames = Object.keys(metrics);
  const has = v => v !== null && v !== undefined;
  const text = v => !has(v) ? '–' : typeof v !== 'number' ? String(v) : Number.isInteger(v) ? v.toLocaleString('en') : Number(v.toPrecision(6)).toLocaleString('en', {maximumFractionDigits: 6});
  const number = v => v !== '' && !isNaN(v) ? Number(v) : null;
  const byValue = (a, b) => { const x = number(a), y = number(b); return x !== null && y !== null ? x - y : String(a).localeCompare(String(b)); };
  const values = k => [...new Set(all().map(i => keys[k](i)))].filter(has).sort(byValue);
  function all() { return Array.from({length: count}, (_, i) => i); }
  function el(name, props = {}, ...children) {
    const e = document.createElement(name);
    for (const [k, v] of Object.entries(props)) k === 'class' ? e.className = v : k in e ? e[k] = v : e.setAttribute(k, v);
    e.append(...children.map(c => has(c) ? c : ''));
    return e;
  }
  const options = (select, list, chosen) => { select.replaceChildren(...list.map(v => el('option', {value: v}, v))); if (chosen !== undefined && list.includes(chosen)) select.value = chosen; };

  // --- filter ---
  const filters = {};
  let shown = all(), point = null, page = 0, sortBy = 'job', descending = false;
  function buildFilter() {
    const form = $('filter');
    const add = (name, list, test) => {
      const select = el('select', {id: 'filter-' + name});
      options(select, ['any', ...list]);
      select.addEventListener('change', () => { filters[name] = select.value === 'any' ? null : i => test(i, select.value); point = null; update(); });
      form.append(el('label', {}, name + ' ', select));
    };
    add('verdict', [...new Set(all().map(i => verdict(i)))].sort(), (i, v) => verdict(i) === v);
    for (const k of varying.slice(0, 12)) add(k, values(k).map(String), (i, v) => String(keys[k](i)) === v);
    const search = el('input', {id: 'filter-text', type: 'search', placeholder: 'key=value, folder'});
    search.addEventListener('input', () => { const word = search.value.toLowerCase(); filters.text = word ? i => label(i).toLowerCase().includes(word) : null; update(); });
    form.append(el('label', {}, 'text ', search));
    const clear = el('button', {type: 'button', id: 'filter-clear'}, 'Clear');
    clear.addEventListener('click', () => { form.reset(); for (const k of Object.keys(filters)) filters[k] = null; point = null; update(); });
    form.append(clear);
  }
  const label = i => varying.map(k => `${k}=${keys[k](i)}`).join(' ') + ` seed=${seed(i)} ${folder(i)}`;
  const pointOf = i => varying.map(k => keys[k](i)).join('|');
  function update() {
    const tests = Object.values(filters).filter(Boolean);
    shown = all().filter(i => (point === null || pointOf(i) === point) && tests.every(t => t(i)));
    $('filter-count').textContent = `${shown.length.toLocaleString('en')} of ${count.toLocaleString('en')} jobs shown`;
    page = 0;
    drawMatrix(); drawMetric(); drawHeat(); drawHops(); drawJobs();
  }

  // --- head ---
  function drawHead() {
    $('title').textContent = data.title;
    document.title = data.title;
    $('subtitle').textContent = `commit ${data.build.commit}${data.build.dirty ? ' (with local changes)' : ''}, version ${data.build.version}, ` + Object.entries(data.build.tools).map(([k, v]) => `${k} ${v}`).join(', ') + `; started ${data.started} on ${data.host}`;
    const passed = all().filter(i => verdict(i) === 'pass').length;
    const tile = (name, value, kind = '') => el('div', {class: 'tile ' + kind, role: 'listitem'}, el('b', {}, text(value)), name);
    const never = data.rules.filter(r => r.hits === 0).length;
    $('tiles').append(tile('jobs', count), tile('passed', passed, 'good'), tile('not passed', count - passed, count === passed ? 'good' : 'bad'),
      tile('missing', data.planned - count, data.planned === count ? '' : 'bad'), tile('points', new Set(all().map(pointOf)).size),
      tile('rules put to the test', data.rules.length - never), tile('rules never hit', never, never ? 'bad' : 'good'));
    $('foot').textContent = `Settings of all jobs: ` + Object.entries(data.keys).filter(([, c]) => 'all' in c).map(([k, c]) => `${k}=${c.all}`).join(', ');
  }

  // --- points ---
  function drawMatrix() {
    const groups = new Map();
    for (const i of all()) { const p = pointOf(i); if (!groups.has(p)) groups.set(p, []); groups.get(p).push(i); }
    const visible = new Set(shown.map(pointOf));
    $('matrix').replaceChildren(...[...groups].map(([p, jobs]) => {
      const bad = jobs.filter(i => verdict(i) !== 'pass').length;
      const name = `${varying.map(k => `${k}=${keys[k](jobs[0])}`).join(', ') || 'the only point'}: ${jobs.length - bad} of ${jobs.length} passed`;
      const b = el('button', {type: 'button', class: `cell${bad ? ' bad' : ''}${visible.has(p) ? '' : ' out'}`, title: name, 'aria-label': name});
      b.addEventListener('click', () => { point = point === p ? null : p; update(); $('jobs').scrollIntoView(); });
      return b;
    }));
  }

  // --- charts ---
  Chart.defaults.animation = false;
  Chart.defaults.maintainAspectRatio = false;
  const colours = ['#0b57d0', '#b3261e', '#1a7f37', '#8a5a00', '#7b1fa2', '#00696d', '#c2185b', '#455a64'];
  const charts = {};
  function chart(id, config) { if (charts[id]) charts[id].destroy(); charts[id] = new Chart($(id), config); }
  const mean = list => list.reduce((a, b) => a + b, 0) / list.length;
  const chosen = () => metrics[$('metric-name').value] || (() => null);
  function drawMetric() {
    const name = $('metric-name').value, get = chosen();
    const list = shown.map(get).filter(has).sort((a, b) => a - b);
    const at = p => list[Math.min(list.length - 1, Math.max(0, Math.ceil(p / 100 * list.length) - 1))];
    $('metric-summary').textContent = list.length ? `${name}: ${list.length} jobs, min ${text(list[0])}, median ${text(at(50))}, 90 % ${text(at(90))}, 99 % ${text(at(99))}, max ${text(list[list.length - 1])}` : 'no job shown has this metric';
    const bins = Math.max(1, Math.min(40, Math.ceil(Math.sqrt(list.length))));
    const low = list[0] || 0, width = ((list[list.length - 1] || 0) - low) / bins || 1;
    const heights = Array(bins).fill(0);
    for (const v of list) heights[Math.min(bins - 1, Math.floor((v - low) / width))]++;
    chart('chart-distribution', {type: 'bar', data: {labels: heights.map((_, b) => text(low + b * width)), datasets: [{label: 'jobs', data: heights, backgroundColor: colours[0]}]},
      options: {plugins: {legend: {display: false}}, scales: {x: {title: {display: true, text: name}}, y: {title: {display: true, text: 'jobs'}}}}});
    const x = $('metric-x').value, by = $('metric-by').value;
    const series = new Map();
    if (keys[x]) for (const i of shown) {
      const v = get(i), k = keys[x](i); if (!has(v) || !has(k)) continue;
      const s = by in keys ? `${by}=${keys[by](i)}` : 'all';
      if (!series.has(s)) series.set(s, new Map());
      if (!series.get(s).has(k)) series.get(s).set(k, []);
      series.get(s).get(k).push(v);
    }
    const labels = keys[x] ? values(x) : [];
    chart('chart-line', {type: 'line', data: {labels: labels.map(String), datasets: [...series].sort(([a], [b]) => byValue(a, b)).slice(0, 8).map(([s, m], n) => ({label: s, data: labels.map(k => m.has(k) ? mean(m.get(k)) : null), borderColor: colours[n % 8], backgroundColor: colours[n % 8], spanGaps: true}))},
      options: {scales: {x: {title: {display: true, text: x}}, y: {title: {display: true, text: name}}}}});
  }

  function drawHeat() {
    const rows = $('heat-y').value, columns = $('heat-x').value, get = chosen();
    $('heat-metric').textContent = `mean of ${$('metric-name').value}`;
    if (!keys[rows] || !keys[columns]) { $('heat-table').replaceChildren(); return; }
    const cells = new Map();
    for (const i of shown) { const v = get(i); if (!has(v)) continue; const k = keys[rows](i) + '|' + keys[columns](i); if (!cells.has(k)) cells.set(k, []); cells.get(k).push(v); }
    const means = new Map([...cells].map(([k, l]) => [k, mean(l)]));
    const list = [...means.values()], low = Math.min(...list), high = Math.max(...list);
    const xs = values(columns).slice(0, 60), ys = values(rows).slice(0, 200);
    const head = el('thead', {}, el('tr', {}, el('th', {scope: 'col'}, `${rows} \\ ${columns}`), ...xs.map(x => el('th', {scope: 'col'}, String(x)))));
    const body = el('tbody', {}, ...ys.map(y => el('tr', {}, el('th', {scope: 'row'}, String(y)), ...xs.map(x => {
      const v = means.get(y + '|' + x), td = el('td', {class: 'num'}, text(v));
      if (has(v)) { const f = high > low ? (v - low) / (high - low) : 0; td.style.background = `hsl(${Math.round(210 - 190 * f)} 80% ${Math.round(92 - 22 * f)}%)`; }
      return td;
    }))));
    $('heat-table').replaceChildren(head, body);
  }

  function drawHops() {
    // latency.KIND.stations.HOP.median_ns
    const kinds = new Map(), hops = [];
    for (const name of metricNames) {
      const m = /^latency\.([^.]+)\.stations\.([^.]+)\.median_ns$/.exec(name);
      if (!m) continue;
      const list = shown.map(metrics[name]).filter(has);
      if (!list.length) continue;
      if (!hops.includes(m[2])) hops.push(m[2]);
      if (!kinds.has(m[1])) kinds.set(m[1], {});
      kinds.get(m[1])[m[2]] = mean(list);
    }
    const order = data.hops.filter(h => hops.includes(h)).concat(hops.filter(h => !data.hops.includes(h)));
    chart('chart-hops', {type: 'bar', data: {labels: [...kinds.keys()], datasets: order.map((h, n) => ({label: h, data: [...kinds.values()].map(k => k[h] || 0), backgroundColor: colours[n % 8] + (n >= 8 ? '80' : '')}))},
      options: {indexAxis: 'y', scales: {x: {stacked: true, title: {display: true, text: 'ns'}}, y: {stacked: true}}}});
    $('hops-table').replaceChildren(el('thead', {}, el('tr', {}, el('th', {scope: 'col'}, 'kind'), ...order.map(h => el('th', {scope: 'col'}, h)))),
      el('tbody', {}, ...[...kinds].map(([k, row]) => el('tr', {}, el('th', {scope: 'row'}, k), ...order.map(h => el('td', {class: 'num'}, text(row[h])))))));
  }

  // --- failures, rules, trend ---
  function drawFailures() {
    if (!data.failures.length) { $('failure-list').append(el('p', {class: 'pass'}, 'None.')); return; }
    for (const f of data.failures) {
      const items = f.jobs.slice(0, 50).map(j => el('li', {}, el('a', {href: `jobs/${j.folder}/`}, j.folder), ` ${j.key} `, j.capsule ? el('a', {href: j.capsule}, 'capsule') : '', el('br'), 'reproduce: ', el('code', {}, j.reproduce)));
      if (f.jobs.length > 50) items.push(el('li', {}, `... and ${f.jobs.length - 50} more`));
      $('failure-list').append(el('details', {open: data.failures.length < 6}, el('summary', {}, el('b', {}, `${f.jobs.length} × `), f.signature), el('p', {}, f.first), el('ul', {}, ...items)));
    }
  }
  function drawRules() {
    const never = data.rules.filter(r => !r.hits);
    $('rules-summary').textContent = never.length ? `${never.length} of ${data.rules.length} rules never had a chance to fire: they are no evidence.` : `All ${data.rules.length} rules were put to the test.`;
    const rows = [...data.rules].sort((a, b) => (b.fired - a.fired) || ((a.hits > 0) - (b.hits > 0)) || a.id.localeCompare(b.id));
    $('rules-table').replaceChildren(el('thead', {}, el('tr', {}, ...['rule', 'hits', 'fired'].map(h => el('th', {scope: 'col'}, h)))),
      el('tbody', {}, ...rows.map(r => el('tr', {class: r.hits ? '' : 'never'}, el('td', {}, r.id), el('td', {class: 'num'}, text(r.hits)), el('td', {class: r.fired ? 'num fail' : 'num'}, text(r.fired))))));
  }
  function drawTrend() {
    const name = $('metric-name').value;
    const line = data.trend.map(b => has(b.metrics[name]) ? b.metrics[name] : null);
    chart('chart-trend', {data: {labels: data.trend.map(b => `${b.id} ${b.commit.slice(0, 7)}`), datasets: [
      {type: 'bar', label: 'passed', data: data.trend.map(b => b.passed), backgroundColor: colours[2], yAxisID: 'y', stack: 'jobs'},
      {type: 'bar', label: 'not passed', data: data.trend.map(b => b.runs - b.passed), backgroundColor: colours[1], yAxisID: 'y', stack: 'jobs'},
      {type: 'line', label: `mean of ${name}`, data: line, borderColor: colours[0], backgroundColor: colours[0], yAxisID: 'm', spanGaps: true}]},
      options: {scales: {y: {stacked: true, title: {display: true, text: 'jobs'}}, x: {stacked: true}, m: {position: 'right', title: {display: true, text: name}, grid: {drawOnChartArea: false}}}}});
    $('trend-table').replaceChildren(el('thead', {}, el('tr', {}, ...['batch', 'started', 'commit', 'jobs', 'passed'].map(h => el('th', {scope: 'col'}, h)))),
      el('tbody', {}, ...data.trend.map(b => el('tr', {}, ...[b.id, b.started, b.commit, b.runs, b.passed].map(v => el('td', {}, text(v)))))));
  }

  // --- jobs ---
  function drawJobs() {
    const name = $('metric-name').value;
    const columns = [['job', i => folder(i)], ['verdict', i => verdict(i)], ...varying.map(k => [k, i => keys[k](i)]), ['seed', i => seed(i)], [name, chosen()]];
    const get = (columns.find(c => c[0] === sortBy) || columns[0])[1];
    const rows = [...shown].sort((a, b) => (descending ? -1 : 1) * (byValue(has(get(a)) ? get(a) : '', has(get(b)) ? get(b) : '') || a - b));
    const pages = Math.max(1, Math.ceil(rows.length / PAGE));
    page = Math.min(page, pages - 1);
    $('page-text').textContent = `page ${page + 1} of ${pages}`;
    const head = el('thead', {}, el('tr', {}, ...columns.map(([c]) => {
      const b = el('button', {type: 'button'}, c + (c === sortBy ? descending ? ' ▼' : ' ▲' : ''));
      b.addEventListener('click', () => { descending = c === sortBy ? !descending : false; sortBy = c; drawJobs(); });
      return el('th', {scope: 'col', 'aria-sort': c === sortBy ? descending ? 'descending' : 'ascending' : 'none'}, b);
    })));
    const body = el('tbody', {}, ...rows.slice(page * PAGE, page * PAGE + PAGE).map(i => el('tr', {}, ...columns.map(([c, g], n) =>
      n === 0 ? el('td', {}, el('a', {href: `jobs/${folder(i)}/`}, folder(i))) : el('td', {class: c === 'verdict' ? verdict(i) : typeof g(i) === 'number' ? 'num' : ''}, text(g(i)))))));
    $('jobs-table').replaceChildren(head, body);
  }

  drawHead();
  const preferred = metricNames.find(n => n.endsWith('source_to_exception.p99_ns')) || metricNames[0];
  options($('metric-name'), metricNames, preferred);
  options($('metric-x'), Object.keys(keys).length ? [...varying, ...Object.keys(keys).filter(k => !varying.includes(k))] : ['-']);
  options($('metric-by'), ['nothing', ...varying], varying[1]);
  options($('heat-y'), varying.length ? varying : ['-']);
  options($('heat-x'), varying.length ? varying : ['-'], varying[1]);
  for (const id of ['metric-name', 'metric-x', 'metric-by']) $(id).addEventListener('change', () => { drawMetric(); drawHeat(); drawJobs(); drawTrend(); });
  for (const id of ['heat-x', 'heat-y']) $(id).addEventListener('change', drawHeat);
  $('page-back').addEventListener('click', () => { page = Math.max(0, page - 1); drawJobs(); });
  $('page-next').addEventListener('click', () => { page++; drawJobs(); });
  buildFilter(); drawFailures(); drawRules(); drawTrend(); update();
  document.body.dataset.ready = 'yes';
})();
