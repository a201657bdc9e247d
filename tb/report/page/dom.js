// SPDX-License-Identifier: Apache-2.0
// Elements, selections, tables and charts.
const $ = id => document.getElementById(id);

function el(name, props = {}, ...children) {
  const e = document.createElement(name);
  for (const [k, v] of Object.entries(props)) {
    if (k === 'class') e.className = v; else if (k in e) e[k] = v; else e.setAttribute(k, v);
  }
  e.append(...children.map(c => has(c) ? c : ''));
  return e;
}

/** Fills a select; `groupOf` puts the options into groups. */
function options(select, list, chosen, groupOf) {
  const made = list.map(v => el('option', {value: v}, v));
  if (groupOf) {
    const groups = groupBy(list.map((_, n) => n), n => groupOf(list[n]));
    select.replaceChildren(...[...groups].map(([name, of]) => {
      const group = el('optgroup', {label: name});
      group.append(...of.map(n => made[n]));
      return group;
    }));
  } else {
    select.replaceChildren(...made);
  }
  if (has(chosen) && list.includes(chosen)) select.value = chosen;
}

/** Rows of cells; a cell is a text or an element. The first of each row names the row. */
function fillTable(table, heads, rows) {
  const kind = v => typeof v === 'number' ? 'num' : '';
  const cell = (v, n) => v instanceof Element && (v.tagName === 'TD' || v.tagName === 'TH') ? v
    : n === 0 ? el('th', {scope: 'row', class: kind(v)}, typeof v === 'number' ? text(v) : v)
    : el('td', {class: kind(v)}, v instanceof Element ? v : text(v));
  table.replaceChildren(
    el('thead', {}, el('tr', {}, ...heads.map(h => h instanceof Element ? h : el('th', {scope: 'col'}, h)))),
    el('tbody', {}, ...rows.map(row => el('tr', {}, ...row.map(cell)))));
}

/** A head of a column that sorts; `state` is {by, down}. */
function sortHead(name, state, redraw) {
  const mine = state.by === name;
  const parts = name.split(/(?<=[._])/).flatMap(part => [el('wbr'), part]);  // long names may break there
  const button = el('button', {type: 'button'}, ...parts, mine ? state.down ? ' ▼' : ' ▲' : '');
  button.addEventListener('click', () => {
    state.down = mine && !state.down;
    state.by = name;
    const table = button.closest('table');
    redraw();
    [...table.querySelectorAll('th button')].find(b => b.textContent.startsWith(name))?.focus();
  });
  return el('th', {scope: 'col', 'aria-sort': mine ? state.down ? 'descending' : 'ascending' : 'none'}, button);
}
const sorted = (list, get, down) => [...list].sort((a, b) => {
  const x = get(a), y = get(b);
  if (!has(x) || !has(y)) return has(x) ? -1 : has(y) ? 1 : a - b;  // what is missing comes last
  return (down ? -1 : 1) * byValue(x, y) || a - b;
});

function copyButton(command) {
  const button = el('button', {type: 'button', 'aria-label': `Copy: ${command}`}, 'Copy');
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(command);
    button.textContent = 'Copied';
  });
  return button;
}

// --- charts: each has a sentence for those who do not see it, and a table ---
Chart.defaults.animation = false;
Chart.defaults.maintainAspectRatio = false;
Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
Chart.defaults.color = '#1b1f24';
const COLOURS = ['#0b57d0', '#b3261e', '#1a7f37', '#8a5a00', '#7b1fa2', '#00696d', '#c2185b', '#455a64'];
const MARKS = ['circle', 'rect', 'triangle', 'rectRot', 'star', 'cross', 'crossRot', 'dash'];
const colour = n => COLOURS[n % COLOURS.length];
const lineStyle = n => ({
  borderColor: colour(n), backgroundColor: colour(n), pointStyle: MARKS[n % MARKS.length], pointRadius: 4,
  borderDash: n < COLOURS.length ? [] : [6, 3], spanGaps: true,
});
const charts = {};
function chart(id, sentence, config, heads, rows) {
  charts[id]?.destroy();
  const canvas = $(id);
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', sentence);
  charts[id] = new Chart(canvas, config);
  const details = canvas.closest('figure').querySelector('details');
  const fill = () => details.open && fillTable(details.querySelector('table'), heads, rows());
  details.ontoggle = fill;
  fill();
}
const titled = (title, more = {}) => ({title: {display: true, text: title, font: {size: 11}}, ...more});

// --- sections are drawn when somebody comes near ---
const lazy = new Map();
const near = new IntersectionObserver(entries => {
  for (const entry of entries) {
    const section = lazy.get(entry.target);
    section.near = entry.isIntersecting;
    drawIfNear(section);
  }
}, {rootMargin: '400px'});
function drawIfNear(section) {
  if (!section.near || !section.stale) return;
  section.stale = false;
  section.draw();
}
function lazySection(id, draw) {
  lazy.set($(id), {near: false, stale: true, draw});
  near.observe($(id));
}
/** Draws again what is seen now, and the rest when it is. */
function redraw(...ids) {
  for (const [element, section] of lazy) {
    if (ids.length && !ids.includes(element.id)) continue;
    section.stale = true;
    drawIfNear(section);
  }
}
addEventListener('beforeprint', () => {
  for (const section of lazy.values()) {
    if (section.stale) section.draw();
    section.stale = false;
  }
  for (const one of Object.values(charts)) one.resize();
});
addEventListener('afterprint', () => Object.values(charts).forEach(one => one.resize()));
