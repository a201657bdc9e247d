// SPDX-License-Identifier: Apache-2.0
function buildHead() {
  document.title = $('title').textContent = data.title;
  const {version, commit, dirty, tools} = data.build;
  $('subtitle').textContent = [
    commit ? `commit ${commit}${dirty ? ' with local changes' : ''}` : '', version ? `version ${version}` : '',
    ...Object.entries(tools).map(([name, v]) => `${name} ${v}`),
    data.started ? `started ${data.started} on ${data.host}` : '',
  ].filter(Boolean).join(', ');
  const notes = [
    count < data.planned ? `Not complete: ${text(count)} of ${text(data.planned)} jobs.` : '',
    data.unreadable.length ? `Results that cannot be read: ${data.unreadable.join('; ')}` : '',
  ].filter(Boolean);
  $('partial').hidden = !notes.length;
  $('partial').textContent = notes.join(' ');
  const good = everyJob.filter(passed).length, bad = count - good;
  const never = data.rules.filter(rule => !rule.hits).length;
  const tile = (name, value, kind = '') => $('tiles').append(el('li', {class: kind}, el('b', {}, text(value)), name));
  tile('jobs', count);
  tile('passed', good, good ? 'good' : '');
  tile('not passed', bad, bad ? 'bad' : 'good');
  if (count < data.planned) tile('to come', data.planned - count, 'bad');
  tile('points', pointCount);
  tile('signatures', data.failures.length, data.failures.length ? 'bad' : 'good');
  tile('rules hit', data.rules.length - never);
  tile('rules never hit', never, never ? 'bad' : 'good');
  const fixed = Object.keys(data.keys).filter(name => 'all' in data.keys[name]).map(name => `${name}=${data.keys[name].all}`);
  $('foot').textContent = fixed.length ? `Settings of all jobs: ${fixed.join(', ')}` : '';
}

buildHead();
buildFilter();
buildPoints();
buildMetric();
buildHeat();
buildHops();
buildFailures();
buildRules();
buildTrend();
buildJobs();
update();
document.body.dataset.ready = String(Math.round(performance.now()));
