// The agenda page: which day, which view, which panel; its address says all three. Asks the server, never guesses.
(() => {
  const page = document.getElementById('ag');
  if (!page) return;
  const words = document.getElementById('agenda-words').dataset;
  const [panel, state, list, said] = ['panel', 'state', 'list', 'said'].map(id => document.getElementById(id));
  const phone = matchMedia('(max-width: 767px)'),
    grid = dl.grid;
  const mayBook = 'mayBook' in page.dataset;
  let at = read(),
    professional = document.querySelector('[data-pro]')?.dataset.pro;
  let question = 0,
    asking = null,
    panelQuestion = 0,
    dead = false,
    expiry = 0,
    sought = null;

  function read() {
    const asked = new URLSearchParams(location.search),
      view = asked.get('view') ?? page.dataset.view;
    return {
      day: asked.get('day') || page.dataset.today,
      view: view === 'week' && phone.matches ? 'day' : view,
      appointment: asked.get('appointment'),
      panel: asked.get('panel'),
    };
  }
  function address() {
    const query = new URLSearchParams({ day: at.day, view: at.view });
    if (at.appointment) query.set('appointment', at.appointment);
    else if (at.panel) query.set('panel', at.panel);
    return `?${query}`;
  }
  function go(change, replace = false) {
    const before = { ...at };
    at = { ...at, ...change };
    if (address() !== location.search) history[replace ? 'replaceState' : 'pushState'](null, '', address());
    if (before.day !== at.day || before.view !== at.view) {
      frame();
      load();
    }
  }
  const shift = (day, days) => new Date(Date.parse(`${day}T00:00:00Z`) + days * 864e5).toISOString().slice(0, 10);
  const monday = day => shift(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));
  const range = () => (at.view === 'week' ? [monday(at.day), shift(monday(at.day), 6)] : [at.day, at.day]);

  // What is on screen: the bar follows at once, the grid when the answer to the last question is there.
  function frame() {
    page.dataset.view = at.view;
    for (const link of page.querySelectorAll('.ag-views a')) {
      link.toggleAttribute('aria-current', link.dataset.view === at.view);
      if (link.dataset.view === at.view) link.setAttribute('aria-current', 'true');
    }
    document.getElementById('pick').value = at.day;
    list.hidden = at.view !== 'list';
    said.replaceChildren();
    const day = text => `${text.slice(8, 10)}/${text.slice(5, 7)}`,
      [first, last] = range();
    const { lang } = document.documentElement,
      name = new Date(`${at.day}T00:00:00Z`).toLocaleDateString(lang, { weekday: 'long', timeZone: 'UTC' });
    title(
      at.view === 'week' ? `${day(first)} – ${day(last)}` : `${name[0].toUpperCase()}${name.slice(1)} ${day(at.day)}`,
    );
    document.getElementById('summary').textContent = '';
  }
  function how() {
    const single = phone.matches || at.view === 'week' ? professional : null;
    const start = grid.data?.edges.from ?? '08:00',
      hour = at.day === dl.today() ? shiftHour(dl.hour(), -1) : start;
    return {
      view: at.view,
      day: at.day,
      single,
      phone: phone.matches,
      writes: mayBook && !dead,
      selected: at.appointment,
      sought,
      scroll: hour > start ? hour : start,
      openings: openings(),
    };
  }
  const shiftHour = (hour, by) => `${String(Math.max(0, Number(hour.slice(0, 2)) + by)).padStart(2, '0')}:00`;

  async function load({ quiet = false } = {}) {
    const mine = ++question;
    asking?.abort();
    asking = new AbortController();
    const [first, last] = range();
    const slow = setTimeout(() => !quiet && mine === question && cover('loading'), 200);
    try {
      const giveUp = setTimeout(() => asking.abort('timeout'), 12000);
      const answers = await Promise.all([
        get(`/agenda/feed?first=${first}&last=${last}`).then(answer => answer.json()),
        at.view === 'list' ? get(`/agenda/list?day=${at.day}`).then(answer => answer.text()) : null,
      ]);
      clearTimeout(giveUp);
      if (mine !== question) return; // an answer to an old question is dropped
      dead = false;
      draw(...answers);
    } catch (fault) {
      if (mine !== question) return;
      fail(fault);
    } finally {
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
  function draw(feed, rows) {
    title(feed.label);
    document.getElementById('summary').textContent = feed.summary;
    document.title = document.title.replace(/^[^·]*/, `${feed.label} `);
    if (rows !== null) list.innerHTML = rows;
    grid.show(feed, how());
    cover(feed.appointments.length || feed.closures.length || at.view === 'list' ? null : 'empty', feed);
    able();
    clearTimeout(expiry);
    const ends = feed.appointments
      .filter(one => one.until)
      .map(one => Date.parse(`${one.until.replace(' ', 'T')}Z`) - dl.now());
    if (ends.length) expiry = setTimeout(() => load({ quiet: true }), Math.max(1000, Math.min(...ends) + 500));
  }
  // "Mar 24/11" where there is little room.
  function title(text) {
    const [first, ...rest] = text.split(' '),
      short = rest.length === 1 && first.length > 4;
    const tail = dl.el('i', { className: 'desk-only', textContent: short ? first.slice(3) : '' });
    document.getElementById('label').replaceChildren(short ? first.slice(0, 3) : first, tail, ` ${rest.join(' ')}`);
  }
  function fail() {
    dead = true;
    cover('error');
    grid.show(null, how());
    able();
  }
  function able() {
    for (const button of document.querySelectorAll('.ag-bar [data-panel]')) button.disabled = dead;
  }
  function cover(kind, feed) {
    state.hidden = !kind;
    state.className = { error: 'unknown', empty: 'none' }[kind] ?? '';
    if (!kind) {
      state.replaceChildren();
      return;
    }
    state.replaceChildren(document.getElementById(`t-${kind}`).content.cloneNode(true));
    if (kind === 'loading')
      for (let n = 0; n < 30; n++)
        state.firstElementChild.append(
          dl.el('div', { className: `skel ${n % 5 && n % 7 === 3 ? 'n' : n % 3 ? 't' : ''}` }),
        );
    if (kind === 'error') state.querySelector('[data-last]').textContent = `${words.last} ${dl.hour()}.`;
    if (kind === 'empty') {
      const n = feed.attending,
        text = n === 1 ? words.attendingOne : n ? words.attendingMany.replace('#', n) : words.attendingNone;
      state.querySelector('h2').textContent = `${words.none}: ${feed.label.toLowerCase()}`;
      state.querySelector('p').textContent = text;
      if (!n) state.querySelector('button')?.remove();
    }
  }

  const post = (url, more) =>
    fetch(url, { method: 'POST', credentials: 'same-origin', headers: { 'X-CSRFToken': dl.token() }, ...more });

  // Moving: the page waits for the server; a refusal puts the visit back and says why.
  async function move({ id, start, professional: whose, version, back, was, who }) {
    said.replaceChildren();
    if (dl.live?.lost) {
      back();
      say(words.fixed);
      return;
    }
    const form = new FormData();
    for (const [name, value] of Object.entries({ start, professional: whose, version })) form.append(name, value);
    let answer = null,
      body = {};
    try {
      answer = await post(`/agenda/${id}/move`, { body: form });
      body = await answer.json();
    } catch {
      body = {};
    }
    if (!answer?.ok) {
      back();
      document.querySelector('.toast-d')?.remove();
      say(body.detail ?? dl.word.unsaved);
      load({ quiet: true });
      return;
    }
    load({ quiet: true });
    if (String(at.appointment) === String(id)) open(id);
    dl.toast(
      `${who}: ${words.moved}`,
      was && (() => move({ id, ...was, version: Number(version) + 1, back() {}, who })),
    );
  }
  function say(text) {
    const note = document.getElementById('t-said').content.cloneNode(true);
    note.querySelector('.grow').append(dl.el('strong', { textContent: text }));
    said.replaceChildren(note);
  }

  // The panel.
  const openings = () =>
    [...panel.querySelectorAll('[data-opening]')]
      .map(node => ({
        professional: node.dataset.opening,
        start: node.dataset.start,
        end: node.dataset.end,
        what: node.dataset.what ?? '',
        node,
      }))
      .filter(one => {
        const [first, last] = range(),
          day = one.start.slice(0, 10);
        return day >= first && day <= last;
      });
  async function show(url, retry, live = false) {
    const mine = ++panelQuestion;
    page.querySelector('.ag-side').classList.add('open');
    try {
      const answer = await fetch(url, { headers: { 'HX-Request': 'true' }, credentials: 'same-origin' });
      if (mine !== panelQuestion) return;
      if (answer.redirected || answer.status === 401) {
        dl.over();
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const html = await answer.text();
      if (mine !== panelQuestion) return;
      panel.innerHTML = html;
      htmx.process(panel);
      shown();
      if (!live) (panel.querySelector('[autofocus]') ?? panel).focus({ preventScroll: true });
    } catch (fault) {
      if (mine === panelQuestion) dl.fault(panel, fault.message === '404' ? dl.word.gone : dl.word.unread, retry);
    }
  }
  function shown() {
    const one = panel.querySelector('[data-appointment-panel]');
    if (one)
      go(
        {
          appointment: one.dataset.appointmentPanel,
          panel: null,
          ...(at.view === 'day' ? { day: one.dataset.day } : {}),
        },
        true,
      );
    grid.show(null, how());
  }
  // The grid goes to the first opening that was found, and then to the one that is held.
  function seek() {
    const first = panel.querySelector('[data-opening]')?.dataset,
      held = panel.querySelector('#booking[data-held]')?.elements;
    if (!first && !held) return;
    sought = held
      ? { start: `${held.day.value}T${held.hour.value}`, professional: held.professional.value }
      : { start: first.start, professional: first.opening };
    const day = sought.start.slice(0, 10),
      [from, to] = range();
    if (phone.matches || at.view === 'week') choose(sought.professional);
    if (day < from || day > to) go({ day }, true);
  }
  function choose(pro) {
    professional = pro;
    for (const tab of page.querySelectorAll('[data-pro]'))
      tab.setAttribute('aria-selected', String(tab.dataset.pro === pro));
  }
  function open(id) {
    sought = null;
    go({ appointment: String(id), panel: null });
    show(`/agenda/panel/${id}`, () => open(id));
  }
  const asked = kind => `?${kind === 'new' ? 'start' : 'day'}=${at.day}`;
  function form(kind, query) {
    sought = null;
    if (dead) return;
    go({ appointment: null, panel: kind });
    show(`/agenda/${kind}${query}`, () => form(kind, query));
  }
  function close() {
    if (panel.querySelector('#booking[data-held]')) letGo();
    panelQuestion++;
    const back = document.querySelector(`#cal [data-visit="${at.appointment}"]`) ?? document.getElementById('give');
    page.querySelector('.ag-side').classList.remove('open');
    panel.replaceChildren();
    back?.focus({ preventScroll: true });
    go({ appointment: null, panel: null });
    grid.show(null, how());
  }
  const letGo = () => post('/agenda/release', { keepalive: true });
  function restore() {
    if (at.appointment) show(`/agenda/panel/${at.appointment}`, restore);
    else if (at.panel === 'finder' || at.panel === 'new')
      show(`/agenda/${at.panel}${asked(at.panel)}`, restore);
    else {
      page.querySelector('.ag-side').classList.remove('open');
      panel.replaceChildren();
    }
  }

  grid.onOpen = open;
  grid.onMove = move;
  grid.onPick = (start, whose) => {
    if (mayBook && !dead) form('new', `?start=${start}&professional=${whose ?? ''}`);
  };
  document.addEventListener('click', e => {
    const hit = selector => e.target.closest(selector);
    const step = hit('[data-step]'),
      view = hit('.ag-views a'),
      pro = hit('[data-pro]'),
      opener = hit('[data-panel]'),
      one = hit('[data-appointment]');
    if (e.ctrlKey || e.metaKey) return;
    if (step) {
      e.preventDefault();
      const by = Number(step.dataset.step) * (at.view === 'week' ? 7 : 1);
      go({ day: by ? shift(at.day, by) : dl.today() });
    } else if (view) {
      e.preventDefault();
      go({ view: view.dataset.view });
    } else if (pro) {
      choose(pro.dataset.pro);
      grid.show(null, how());
    } else if (opener) {
      if (opener.dataset.panel === 'move') show(`/agenda/${opener.dataset.id}/reschedule`);
      else form(opener.dataset.panel, asked(opener.dataset.panel));
    } else if (one) open(one.dataset.appointment);
    else if (hit('[data-close]')) close();
    else if (hit('[data-again]')) load();
    else if (hit('[data-drop]')) said.replaceChildren();
  });
  document.getElementById('pick').addEventListener('change', e => {
    if (e.target.value) go({ day: e.target.value });
  });
  addEventListener('popstate', () => {
    const before = at;
    at = read();
    if (before.day !== at.day || before.view !== at.view) {
      frame();
      load();
    }
    restore();
  });
  addEventListener('pagehide', () => {
    if (panel.querySelector('#booking[data-held]')) letGo();
  });
  phone.addEventListener('change', () => {
    if (at.view === 'week' && phone.matches) go({ view: 'day' }, true);
    grid.show(null, how());
  });

  // Live. Forms being filled are left alone; an open visit is fetched again.
  let own = 0;
  const touched = new Set(); // '' where it is not said which
  const again = dl.gently(() => {
    load({ quiet: true });
    const one = panel.querySelector('[data-appointment-panel]')?.dataset.appointmentPanel;
    const changed = touched.has('') || touched.has(one);
    touched.clear();
    if (one && changed && Date.now() - own > 1500 && !panel.querySelector('dialog[open]'))
      show(`/agenda/panel/${one}`, null, true);
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
    shown();
    if (e.detail.requestConfig?.verb === 'post') {
      own = Date.now();
      load({ quiet: true });
    }
  });
  setInterval(() => grid.tick(), 30000);
  frame();
  load();
  restore();
})();
