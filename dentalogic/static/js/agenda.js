// The agenda page: which day, which view, which panel; its address says all three. Asks the server, never guesses.
(() => {
  const page = document.getElementById('ag');
  if (!page) return;
  const { grid, cover, where, box } = dl;
  const { words } = cover;
  const panel = box.node,
    [month, rows] = ['month', 'rows'].map(id => document.getElementById(id));
  const mayBook = 'mayBook' in page.dataset;
  let at = where.read(),
    chosen = {}, // whose column a week and a telephone show, of professionals and of chairs
    question = 0,
    asking = null,
    dead = false,
    awaited = false,
    expiry = 0,
    sought = null;

  function go(change, replace = false) {
    const before = { ...at };
    at = { ...at, ...change };
    if (where.address(at) !== location.search)
      history[replace ? 'replaceState' : 'pushState'](null, '', where.address(at));
    arrive(before);
  }
  function arrive(before) {
    if (where.differs(before, at)) {
      cover.frame(at);
      load();
    } else if (before.by !== at.by || before.who !== at.who) {
      cover.frame(at);
      if (grid.data) cover.title(grid.data.label);
      redraw();
    }
  }
  const redraw = () => grid.show(null, how());
  function single() {
    if (!where.phone.matches && at.view !== 'week') return at.who || null;
    return at.who || (chosen[at.by] ?? page.querySelector(`[data-pro][data-by="${at.by}"]`)?.dataset.pro ?? null);
  }
  function how() {
    const start = grid.data?.edges.from ?? '08:00',
      hour = at.day === dl.today() ? shiftHour(dl.hour(), -1) : start,
      whose = single();
    strip(whose);
    return {
      view: at.view,
      day: at.day,
      by: at.by,
      single: whose,
      phone: where.phone.matches,
      writes: mayBook && !dead,
      selected: at.appointment,
      sought,
      scroll: hour > start ? hour : start,
      openings: box.openings(where.range(at)),
    };
  }
  const shiftHour = (hour, by) => `${String(Math.max(0, Number(hour.slice(0, 2)) + by)).padStart(2, '0')}:00`;
  function strip(whose) {
    for (const tab of page.querySelectorAll('[data-pro]')) {
      tab.hidden = tab.dataset.by !== at.by;
      tab.setAttribute('aria-selected', String(tab.dataset.pro === String(whose) && !tab.hidden));
    }
  }

  async function load({ quiet = false } = {}) {
    const mine = ++question;
    asking?.abort();
    asking = new AbortController();
    awaited ||= !quiet; // news that come while somebody waits for another day do not hide that it is loading
    const [first, last] = where.range(at);
    const slow = setTimeout(() => awaited && mine === question && cover.show('loading'), 200),
      giveUp = setTimeout(() => asking.abort('timeout'), 12000);
    try {
      const drawn = ['list', 'month'].includes(at.view)
        ? await get(`/agenda/${at.view}?${where.query(at)}`).then(answer => answer.text())
        : await get(`/agenda/feed?first=${first}&last=${last}`).then(answer => answer.json());
      if (mine !== question) return; // an answer to an old question is dropped
      dead = awaited = false;
      (typeof drawn === 'string' ? write : draw)(drawn, quiet);
      able();
    } catch {
      if (mine === question) fail();
    } finally {
      clearTimeout(giveUp);
      clearTimeout(slow);
    }
  }
  const get = async url => {
    const answer = await fetch(url, {
      signal: asking.signal,
      headers: { Accept: '*/*', 'HX-Request': 'true' },
      credentials: 'same-origin',
    });
    if (answer.redirected || answer.status === 401) dl.over();
    if (!answer.ok) throw new Error(String(answer.status));
    return answer;
  };
  const head = (label, summary) => {
    cover.title(label);
    document.getElementById('summary').textContent = summary;
    document.title = document.title.replace(/^[^·]*/, `${label} `);
  };
  // The list and the month are the server's pages; the grid is drawn from data.
  function write(html, quiet) {
    const place = at.view === 'list' ? rows : month;
    if (dl.held(place, () => load({ quiet: true }))) return;
    const back = quiet && dl.keep(place);
    place.innerHTML = html;
    if (back) back();
    const { label, summary } = place.firstElementChild.dataset;
    head(label, summary);
    cover.show(null);
  }
  function draw(feed) {
    head(feed.label, feed.summary);
    grid.show(feed, how());
    const bare = !feed.professionals.length || !(feed.appointments.length || feed.closures.length);
    cover.show(bare ? 'empty' : null, feed);
    clearTimeout(expiry);
    const ends = feed.appointments
      .filter(one => one.until)
      .map(one => Date.parse(`${one.until.replace(' ', 'T')}Z`) - dl.now());
    if (ends.length) expiry = setTimeout(() => load({ quiet: true }), Math.max(1000, Math.min(...ends) + 500));
  }
  function fail() {
    dead = true;
    awaited = false;
    cover.show('error');
    redraw();
    able();
  }
  function able() {
    for (const button of document.querySelectorAll('.ag-bar [data-panel]')) button.disabled = dead;
    document.getElementById('print').toggleAttribute('inert', dead);
  }

  // Moving and stretching: the page waits for the server; a refusal puts the visit back and says why.
  async function change(verb, { id, back, who, again, said, ...sent }) {
    cover.clear();
    if (dl.live?.lost) {
      back();
      cover.say(words.fixed);
      return;
    }
    const form = new FormData();
    for (const [name, value] of Object.entries(sent)) form.append(name, value ?? '');
    let answer = null,
      body = {};
    try {
      answer = await box.post(`/agenda/${id}/${verb}`, { body: form });
      body = await answer.json();
    } catch {
      body = {};
    }
    load({ quiet: true });
    if (!answer?.ok) {
      back();
      document.querySelector('.toast-d')?.remove();
      cover.say(body.detail ?? dl.word.unsaved);
      return;
    }
    if (String(at.appointment) === String(id)) open(id);
    dl.toast(
      `${who}: ${said}`,
      again && (() => change(verb, { id, who, said, back() {}, ...again, version: Number(sent.version) + 1 })),
    );
  }
  const move = ({ start, professional, was, ...more }) =>
    change('move', { start, professional, again: was, said: words.moved, ...more });
  const resize = ({ end, was, ...more }) => change('resize', { end, again: was, said: words.resized, ...more });

  // The panel.
  box.onSent = () => load({ quiet: true });
  box.onShown = () => {
    const one = box.visit();
    if (one) {
      const day = at.view === 'day' ? { day: one.dataset.day } : {};
      go({ appointment: one.dataset.appointmentPanel, panel: null, ...day }, true);
    }
    redraw();
  };
  function seek() {
    const found = box.sought();
    if (!found) return;
    sought = found;
    const day = found.start.slice(0, 10),
      [from, to] = where.range(at);
    if (where.phone.matches || at.view === 'week') {
      chosen.professional = found.professional;
      if (at.who || at.by !== 'professional') go({ by: 'professional', who: '' }, true);
    }
    if (day < from || day > to) go({ day }, true);
  }
  function open(id) {
    sought = null;
    go({ appointment: String(id), panel: null });
    box.show(`/agenda/panel/${id}`, () => open(id));
  }
  const asked = kind => `?${kind === 'new' ? 'start' : 'day'}=${at.day}`;
  function form(kind, query) {
    sought = null;
    if (dead) return;
    go({ appointment: null, panel: kind });
    box.show(`/agenda/${kind}${query}`, () => form(kind, query));
  }
  function close() {
    box.letGo();
    const back = document.querySelector(`#cal [data-visit="${at.appointment}"]`) ?? document.getElementById('give');
    box.empty();
    back?.focus({ preventScroll: true });
    go({ appointment: null, panel: null });
    redraw();
  }
  function restore() {
    if (at.appointment) box.show(`/agenda/panel/${at.appointment}`, restore);
    else if (box.FORMS.includes(at.panel)) box.show(`/agenda/${at.panel}${asked(at.panel)}`, restore);
    else box.empty();
  }

  grid.onOpen = open;
  grid.onMove = move;
  grid.onResize = resize;
  grid.onPick = (start, whose) => {
    if (mayBook && !dead) form('new', `?start=${start}&professional=${whose ?? ''}`);
  };
  grid.onRefuse = cover.say;
  document.addEventListener('click', e => {
    const hit = selector => e.target.closest(selector);
    if (e.ctrlKey || e.metaKey) return;
    const data = name => hit(`[data-${name}]`)?.dataset[name];
    const going = data('step')
      ? { day: where.step(at, Number(data('step'))) }
      : hit('.ag a[data-day]')
        ? { day: data('day'), view: 'day' }
        : hit('.seg a[data-view]')
          ? { view: data('view'), q: '' }
          : hit('.seg a[data-span]') && { span: data('span'), q: '' };
    if (going) {
      e.preventDefault();
      go(going);
    } else if (data('pro')) {
      chosen[at.by] = data('pro');
      if (at.who) go({ who: data('pro') });
      redraw();
    } else if (data('panel')) {
      if (data('panel') === 'move') box.show(`/agenda/${data('id')}/reschedule`);
      else form(data('panel'), asked(data('panel')));
    } else if (data('appointment')) open(data('appointment'));
    else if (hit('[data-close]')) close();
    else if (hit('[data-again]')) load();
    else if (hit('[data-drop]')) cover.clear();
  });
  document.getElementById('pick').addEventListener('change', e => {
    if (e.target.value) go({ day: e.target.value });
  });
  document.getElementById('whose').addEventListener('change', e => {
    const [by, who] = e.target.value.split(':');
    go({ by, who });
  });
  document.getElementById('seek').addEventListener('submit', e => {
    e.preventDefault();
    go({ q: document.getElementById('q').value.trim() });
  });
  addEventListener('popstate', () => {
    const before = at;
    at = where.read();
    arrive(before);
    restore();
  });
  where.phone.addEventListener('change', () => {
    if (at.view === 'week' && where.phone.matches) go({ view: 'day' }, true);
    redraw();
  });

  // Live. Forms being filled are left alone; an open visit is fetched again.
  const touched = new Set(); // '' where it is not said which
  const again = dl.gently(() => {
    load({ quiet: true });
    const one = box.visit()?.dataset.appointmentPanel;
    const changed = touched.has('') || touched.has(one);
    touched.clear();
    if (one && changed) box.refresh(one);
  }, 80);
  const refresh = e => {
    touched.add(String(e.detail?.ids?.appointment ?? ''));
    again();
  };
  for (const name of ['NEW_APPOINTMENT', 'APPOINTMENT_UPDATED', 'APPOINTMENT_DELETED', 'CLINIC_UPDATED', 'reconnected'])
    document.addEventListener(`dl:${name}`, refresh);
  document.addEventListener('htmx:afterSwap', e => {
    if (e.detail.target !== panel && !panel.contains(e.detail.target)) return;
    panel.classList.add('open');
    seek();
    box.onShown();
    if (e.detail.requestConfig?.verb === 'post') load({ quiet: true });
  });
  setInterval(() => grid.tick(), 30000);
  cover.frame(at);
  load();
  restore();
})();
