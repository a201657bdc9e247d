// SPDX-License-Identifier: Apache-2.0
// What keeps people out: controls without a name, tables without heads, text that is hard to read.
// Evaluates to a list of sentences.
(() => {
  const findings = [];
  const where = e => `${e.tagName.toLowerCase()}${e.id ? '#' + e.id : ''} '${(e.textContent || '').trim().slice(0, 30)}'`;
  const visible = e => e.checkVisibility() && e.getClientRects().length > 0;
  for (const e of document.querySelectorAll('select, input, button, a, canvas, summary')) {
    const name = e.getAttribute('aria-label') || e.labels?.[0]?.textContent || (e.tagName === 'CANVAS' ? '' : e.textContent);
    if (visible(e) && !name.trim()) findings.push(`${where(e)} has no name`);
  }
  for (const table of document.querySelectorAll('table')) {
    if (!visible(table) || !table.rows.length) continue;
    const heads = table.querySelectorAll('thead th[scope=col]').length;
    if (heads !== table.tHead.rows[0].cells.length) findings.push(`${where(table)} has heads without scope`);
    for (const row of table.tBodies[0].rows) {
      if (row.cells[0].tagName !== 'TH' || row.cells[0].scope !== 'row') {
        findings.push(`${where(table)} has rows without a head`);
        break;
      }
    }
  }
  const parse = text => { const m = text.match(/[\d.]+/g).map(Number); return m.length > 3 ? m : [...m, 1]; };
  const luminance = rgb => {
    const [r, g, b] = rgb.slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const background = e => {
    for (; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour[3] > 0) return colour;
    }
    return [255, 255, 255, 1];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let checked = 0;
  for (let node = walker.nextNode(); node && checked < 20000; node = walker.nextNode()) {
    const e = node.parentElement;
    if (!node.data.trim() || ['SCRIPT', 'STYLE', 'OPTION', 'OPTGROUP'].includes(e.tagName) || e.disabled || !visible(e)) continue;
    ++checked;
    const [a, b] = [luminance(parse(getComputedStyle(e).color)), luminance(background(e))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) findings.push(`${where(e)} has a contrast of ${contrast.toFixed(2)}`);
  }
  if (checked < 50) findings.push(`only ${checked} texts were looked at`);
  return [...new Set(findings)].slice(0, 20);
})()
