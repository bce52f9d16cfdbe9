// A phone in the browser. What is typed becomes a signed webhook to the real address; what the outbox sends comes back here.
(() => {
  const box = document.getElementById('si');
  if (!box) return;
  const words = document.getElementById('sim-words').dataset;
  const [who, chat, rows, detail, form, bad, nothing] = [
    'who',
    'chat',
    'rows',
    'detail',
    'write',
    'bad',
    'nothing',
  ].map(id => document.getElementById(id));
  let people = [],
    state = { log: [], messages: [] },
    show = 'all',
    picked = null,
    question = 0,
    offset = 0;

  const digits = n => Array.from({ length: n }, () => Math.floor(Math.random() * 10)).join('');
  const me = () => people[Number(who.value)] ?? { name: words.person, phone: '', user_id: '' };
  async function start() {
    const mine = JSON.parse(sessionStorage.getItem('dl-phone') || 'null');
    const known = await ask('/simulator/api/people')
      .then(body => body.people)
      .catch(() => []);
    const extra = mine?.extra ?? [
      { name: words.person, phone: `+549341555${digits(4)}`, user_id: '', label: words.new },
      { name: words.person, phone: '', user_id: `AR.${digits(15)}`, label: words.user },
    ];
    people = [...known, ...extra];
    who.replaceChildren(
      ...people.map(
        (one, n) =>
          new Option(
            one.label ? `${one.label}${one.phone ? ` · ${one.phone}` : ''}` : `${one.name} · ${one.phone}`,
            String(n),
          ),
      ),
    );
    who.value = String(mine && mine.at < people.length ? mine.at : known.length);
    remember(extra);
    await refresh();
  }
  const remember = extra =>
    sessionStorage.setItem(
      'dl-phone',
      JSON.stringify({ at: Number(who.value), extra: extra ?? people.filter(one => one.label) }),
    );
  async function ask(url) {
    const answer = await fetch(url, { credentials: 'same-origin', headers: { Accept: 'application/json' } });
    if (answer.redirected) dl.over();
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }
  async function refresh() {
    const mine = ++question,
      one = me();
    try {
      const fresh = await ask(
        `/simulator/api/state?${new URLSearchParams({ phone: one.phone, user_id: one.user_id })}`,
      );
      if (mine !== question) return;
      dl.clearFault(document.getElementById('log'));
      offset = Math.round((dl.now() - Date.parse(fresh.now)) / 60000) * 60000;
      const before = JSON.stringify([state.messages, state.log.length, who.value]);
      state = fresh;
      document.getElementById('line').textContent = fresh.number ? words.online : words.nochannel;
      if (JSON.stringify([state.messages, state.log.length, who.value]) !== before) {
        talk();
        draw();
      }
    } catch {
      if (mine === question) dl.fault(document.getElementById('log'), dl.word.unread, refresh);
    }
  }
  const wall = at => new Date(Date.parse(at) + offset).toISOString();

  function talk() {
    const low = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 80 || !chat.childElementCount;
    chat.replaceChildren(
      ...state.messages.flatMap(one => {
        const tick = dl.icon(one.arrived === false ? 'warnc' : 'checks', 'read');
        const foot = dl.el(
          'div',
          { className: 'foot' },
          wall(one.at).slice(11, 16),
          ...(one.mine
            ? [
                ' ',
                tick,
                dl.el('span', {
                  className: 'sr',
                  textContent: one.arrived === false ? words.notarrived : words.arrived,
                }),
              ]
            : []),
        );
        const text = one.file
          ? dl.el('a', {
              className: 'pre',
              href: `/simulator/ycloud/v2/whatsapp/media/download/${one.file.id}`,
              textContent: one.text || one.file.name,
            })
          : dl.el('span', { className: 'pre', textContent: one.text });
        const bubble = dl.el('div', { className: one.mine ? 'bub mine' : 'bub in' }, text, foot);
        const taps = (one.buttons ?? []).map(tap =>
          dl.el('button', { type: 'button', textContent: tap.title, data: { reply: tap.id } }),
        );
        return taps.length ? [bubble, dl.el('div', { className: 'opt' }, ...taps)] : [bubble];
      }),
    );
    if (low) chat.scrollTop = chat.scrollHeight;
  }
  const wrong = one => one.status !== 200 || one.what === 'failed';
  function draw() {
    const all = [...state.log].reverse(),
      shown = all.filter(one => show === 'all' || (show === 'bad' ? wrong(one) : one.direction === show));
    const faults = all.filter(wrong).length;
    bad.textContent = faults || '';
    nothing.hidden = shown.length > 0;
    rows.replaceChildren(
      ...shown.map(one => {
        const at = wall(one.at),
          sort =
            one.status === 200 ? (one.what === 'repeat' ? 'warn' : one.what === 'failed' ? 'danger' : 'ok') : 'danger';
        const result = one.status
          ? `${one.status} · ${one.what === 'repeat' ? words.repeated : `${one.ms} ms`}`
          : words.unanswered;
        const id = one.id ? `wamid…${one.id.slice(-4)}` : '—';
        const open = dl.el('button', { type: 'button', className: 'link mono', textContent: one.kind });
        const cells = [
          dl.el('td', { className: 'mono mut', textContent: `${at.slice(11, 19)},${at.slice(20, 23)}` }),
          dl.el('td', {}, dl.el('span', { className: `dir ${one.direction}`, textContent: words[one.direction] })),
          dl.el(
            'td',
            {},
            open,
            dl.el('br'),
            dl.el('span', { className: 'mut', textContent: words[one.what] ?? `text · “${one.what}”` }),
          ),
          dl.el('td', { className: 'mono mut', textContent: id }),
          dl.el('td', {}, dl.el('span', { className: `tag ${sort}`, textContent: result })),
        ];
        const row = dl.el('tr', { className: one.at === picked ? 'sel' : '' }, ...cells);
        open.addEventListener('click', () => {
          picked = one.at;
          detail.hidden = false;
          detail.querySelector('h3').textContent = `${one.kind} · ${id}`;
          detail.querySelector('pre').textContent = JSON.stringify(one.body, null, 2);
          draw();
        });
        return row;
      }),
    );
  }

  async function act(what, more = {}) {
    const one = me();
    try {
      const answer = await dl.post(`/simulator/api/${what}`, {
        phone: one.phone,
        user_id: one.user_id,
        name: one.name,
        ...more,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const body = await answer.json();
      dl.clearFault(form);
      if (what === 'fail') dl.toast(words.willfail);
      if (what === 'repeat' && body.status === null) dl.toast(words.norepeat);
      if (what === 'shift' || what === 'clear') {
        location.reload();
        return true;
      }
      await refresh();
      return true;
    } catch (fault) {
      dl.fault(form, fault.message === '409' ? words.nochannel : dl.word.unsaved);
      return false;
    }
  }
  form.addEventListener('submit', async e => {
    e.preventDefault();
    const field = form.elements.text,
      text = field.value.trim();
    if (!text) return;
    field.value = '';
    if (!(await act('write', { text }))) field.value = text;
    field.focus();
  });
  form.elements.file.addEventListener('change', async () => {
    const file = form.elements.file.files[0],
      one = me(),
      said = new FormData();
    if (!file) return;
    for (const name of ['phone', 'user_id', 'name']) said.append(name, one[name] ?? '');
    said.append('text', form.elements.text.value.trim());
    said.append('file', file);
    form.elements.file.value = '';
    try {
      const answer = await fetch('/simulator/api/attach', {
        method: 'POST',
        body: said,
        credentials: 'same-origin',
        headers: { Accept: 'application/json', 'X-CSRFToken': dl.token() },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      form.elements.text.value = '';
      await refresh();
    } catch (fault) {
      dl.fault(form, fault.message === '409' ? words.nochannel : dl.word.unsaved);
    }
  });
  chat.addEventListener('click', e => {
    const tap = e.target.closest('[data-reply]');
    if (tap) act('write', { text: tap.textContent, reply_id: tap.dataset.reply });
  });
  document.addEventListener('click', e => {
    const verb = e.target.closest('#si [data-act], #ask-clear [data-act]'),
      filter = e.target.closest('#log [data-show]');
    if (verb) act(verb.dataset.act, verb.dataset.act === 'shift' ? { hours: 24 } : {});
    if (!filter) return;
    show = filter.dataset.show;
    for (const one of document.querySelectorAll('#log [data-show]'))
      one.setAttribute('aria-pressed', String(one === filter));
    draw();
  });
  who.addEventListener('change', () => {
    remember();
    chat.replaceChildren();
    refresh();
  });
  for (const name of ['NEW_MESSAGE', 'MESSAGE_SENT', 'reconnected'])
    document.addEventListener(`dl:${name}`, () => setTimeout(refresh, 60));
  setInterval(() => {
    if (!document.hidden) refresh();
  }, 1500);
  start();
})();
