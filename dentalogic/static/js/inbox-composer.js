// What a person says in a conversation: a message now or later, a file, a note, a template, a text that they use often.
(() => {
  if (!dl.inbox) return;
  const { place, get, fill, act, again } = dl.inbox;
  const drafts = new Map(),
    notes = new Map();
  let key = dl.key(),
    replies = null,
    at = -1,
    asking = 0,
    typed = 0,
    choosing = 0,
    wanted = false;
  const comp = () => place.querySelector('[data-piece=comp]');
  const field = () => place.querySelector('#m');
  const find = selector => comp()?.querySelector(selector);
  const grow = el => {
    el.style.height = 'auto';
    el.style.height = `${Math.min(el.scrollHeight + 2, 160)}px`;
  };

  // A draft is kept for each conversation, whoever has it meanwhile.
  document.addEventListener('inbox:leaving', () => {
    if (field() && dl.inbox.open) drafts.set(dl.inbox.open, field().value);
    if (find('#nt') && dl.inbox.open) notes.set(dl.inbox.open, find('#nt').value);
    replies = null;
    key = dl.key();
  });
  document.addEventListener('inbox:opened', () => {
    const text = drafts.get(dl.inbox.open);
    if (field() && text) {
      field().value = text;
      grow(field());
    }
    if (find('#nt') && notes.get(dl.inbox.open)) {
      find(parts.note).hidden = false;
      find('[data-tool=note]')?.setAttribute('aria-expanded', 'true');
      find('#nt').value = notes.get(dl.inbox.open);
      grow(find('#nt'));
    }
    if (wanted && field()) {
      wanted = false;
      field().focus();
    }
    const part = find('#tpl:not([hidden])');
    if (part) fill(part, part.dataset.load);
  });
  document.addEventListener('inbox:swapped', e => {
    if (e.detail.piece === 'patient') replies = null; // their facts may be others
  });
  document.addEventListener('inbox:chosen', () => {
    wanted = false;
  });
  document.addEventListener('inbox:done', e => {
    if (e.detail.verb !== 'take') return;
    wanted = !field(); // a fresher answer than this one's is on its way, and brings it
    field()?.focus();
  });

  const posts = { write: 'write', note: 'note', template: 'template' };
  place.addEventListener('submit', async e => {
    const form = e.target,
      what = Object.keys(posts).find(name => name in form.dataset);
    if (form.matches('.whose-f')) e.preventDefault();
    if (!what) return;
    e.preventDefault();
    if (form.querySelector('[aria-busy]')) return; // Ctrl+Enter asks no button
    const text = form.querySelector('textarea'),
      said = text?.value ?? '',
      data = new FormData(form);
    const file = form.querySelector('[type=file]')?.files[0];
    if (!file) data.delete('file');
    if (text && !text.value.trim() && !file) {
      text.focus();
      return;
    }
    data.append('key', key); // the same thing sent twice is one
    const url = `/inbox/${form.dataset[what]}/${file ? 'attach' : posts[what]}`;
    if (await act(url, { form: data, button: form.querySelector('[type=submit]'), where: form.closest('[data-faults]') })) {
      done(what, form.dataset[what], said);
    }
    const here = document.activeElement;
    if (form.isConnected && (here === document.body || form.contains(here))) (text ?? field())?.focus();
  });
  // What was sent leaves the field; what was typed since, there or in another conversation, does not.
  function done(what, pk, said) {
    const kept = { write: drafts, note: notes }[what];
    if (kept?.get(pk) === said) kept.delete(pk);
    if (pk !== dl.inbox.open) return;
    const text = kept && find(what === 'write' ? '#m' : '#nt');
    if (text?.value.startsWith(said)) {
      text.value = text.value.slice(said.length).trimStart();
      grow(text);
    }
    key = dl.key();
    if (what === 'write') {
      unfile();
      unwhen();
    } else if (what === 'note') {
      if (!text?.value) tool('note', false);
    } else if (field()) tool('tpl', false);
    again();
  }

  // The tools under the composer: each opens its part, a note or a template in place of the message.
  const isLocked = name => name === 'tpl' && !field(); // the window is closed: a template is all there is
  const parts = { note: '.nt-c', tpl: '#tpl', when: '[data-when]' };
  function tool(name, shown = find(parts[name])?.hidden) {
    const part = find(parts[name]);
    if (!part) return;
    if (shown && name !== 'when') for (const other of ['note', 'tpl']) if (other !== name && !isLocked(other)) tool(other, false);
    part.hidden = !shown;
    find(`[data-tool=${name}]`)?.setAttribute('aria-expanded', String(Boolean(shown)));
    if (shown && part.dataset.load) fill(part, part.dataset.load);
    if (shown) part.querySelector('textarea, input')?.focus();
    else field()?.focus();
  }
  place.addEventListener('click', e => {
    const button = e.target.closest('[data-tool]');
    if (button?.dataset.tool === 'file') find('[type=file]').click();
    else if (button?.dataset.tool === 'replies') slash();
    else if (button?.dataset.tool === 'when' && !find('[data-when]').hidden) unwhen();
    else if (button) tool(button.dataset.tool);
    else if (e.target.closest('[data-unfile]')) unfile();
    else if (e.target.closest('[data-unwhen]')) unwhen();
    else if (e.target.closest('[data-choose]')) {
      tool('tpl', true);
      find('#tpl')?.scrollIntoView({ block: 'nearest' });
    }
  });

  // A file goes with what is written, as its caption; not later.
  place.addEventListener('change', e => {
    if (e.target.matches('[data-write] [type=file]')) {
      const file = e.target.files[0];
      if (!file) return;
      unwhen();
      find('[data-file]').hidden = false;
      find('[data-file] span').textContent = file.name;
      field().focus();
    } else if (e.target.id === 'tpl-s') chosen(e.target.form, false);
  });
  function unfile() {
    const input = find('[data-write] [type=file]');
    if (!input) return;
    input.value = '';
    find('[data-file]').hidden = true;
  }

  // At an hour, in words; what was understood stands beside it.
  function unwhen() {
    const part = find('[data-when]');
    if (!part) return;
    part.querySelector('input').value = '';
    find('#when-said').replaceChildren();
    if (!part.hidden) tool('when', false);
    label();
  }
  function label() {
    const button = find('[data-write] [type=submit]');
    if (!button) return;
    button.lastElementChild.textContent = find('#when').value.trim() ? button.dataset.then : button.dataset.now;
    grow(field()); // the button takes another width
  }
  function understood() {
    clearTimeout(asking);
    label();
    const words = find('#when').value.trim();
    if (!words) {
      find('#when-said').replaceChildren();
      return;
    }
    const still = () => find('#when')?.value.trim() === words;
    asking = setTimeout(
      () => fill(find('#when-said'), `/inbox/${dl.inbox.open}/hour?when=${encodeURIComponent(words)}`, still), 250);
  }

  // A template, with its values and as it will be read.
  async function chosen(form, values = true) {
    const data = new URLSearchParams(new FormData(form)),
      part = form.closest('[data-load]');
    if (!values) data.delete('value');
    const name = document.activeElement?.name,
      order = [...form.querySelectorAll('[name=value]')].indexOf(document.activeElement);
    const mine = ++choosing;
    const body = await get(`${part.dataset.load}?${data}`).catch(() => null);
    if (!body || mine !== choosing) return;
    const now = part.querySelector('form');
    if (values && now) {
      // only what is read from them: nobody's typing is written over
      now.querySelector('[data-preview]').replaceWith(body.querySelector('[data-preview]'));
      now.querySelector('[type=submit]').disabled = body.querySelector('[type=submit]').disabled;
      for (const old of now.querySelectorAll('.help')) old.remove();
      now.append(...body.querySelectorAll('.help'));
      return;
    }
    part.replaceChildren(...body.childNodes);
    if (name === 'template') part.querySelector('select').focus();
    else if (order >= 0) part.querySelectorAll('[name=value]')[order]?.focus();
  }

  place.addEventListener('input', e => {
    if (e.target.matches('textarea')) grow(e.target);
    if (e.target.matches('textarea, select, [type=file], [name=value]')) key = dl.key(); // another thing is said
    if (e.target.id === 'm') {
      offer();
      types();
    } else if (e.target.id === 'when') {
      key = dl.key();
      understood();
    } else if (e.target.matches('[data-template] [name=value]')) {
      clearTimeout(asking);
      asking = setTimeout(() => chosen(e.target.form), 250);
    }
  });
  place.addEventListener('keydown', e => {
    if (!e.target.matches('textarea')) return;
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) e.target.form.requestSubmit();
    else if (e.target.id === 'm' && menu()) walk(e);
  });

  // "/" opens the texts that are used often; what is typed after it narrows them.
  const menu = () => find('.replies:not([hidden])');
  const options = () => [...(menu()?.querySelectorAll('[role=option]:not([hidden])') ?? [])];
  function said() {
    const el = field();
    return el.value.slice(0, el.selectionStart).match(/(?:^|\s)\/([\p{L}\d_-]*)$/u);
  }
  async function offer() {
    const found = said();
    if (!found) {
      shut();
      return;
    }
    if (!replies) {
      const pk = dl.inbox.open;
      replies = dl.el('div', { className: 'replies' });
      comp().prepend(replies);
      if (!(await fill(replies, `/inbox/${pk}/replies`)) || pk !== dl.inbox.open) return;
    }
    if (!replies.isConnected) comp().prepend(replies);
    replies.hidden = false;
    const start = (said() ?? found)[1].toLowerCase();
    for (const one of replies.querySelectorAll('[role=option]')) one.hidden = !one.dataset.shortcut.startsWith(start);
    const none = replies.querySelector('.none-of');
    if (none) none.hidden = options().length > 0 || !replies.querySelector('[role=option]');
    field().setAttribute('aria-controls', 'replies-l');
    mark(0);
  }
  function shut() {
    const open = menu();
    if (open) open.hidden = true;
    field()?.removeAttribute('aria-activedescendant');
    field()?.removeAttribute('aria-controls');
  }
  function mark(to) {
    const all = options();
    at = all.length ? (to + all.length) % all.length : -1;
    for (const [n, one] of all.entries()) one.setAttribute('aria-selected', String(n === at));
    all[at]?.scrollIntoView({ block: 'nearest' });
    if (all[at]) field().setAttribute('aria-activedescendant', all[at].id);
  }
  function walk(e) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step) mark(at + step);
    else if (['Enter', 'Tab'].includes(e.key) && options()[at]) put(options()[at]);
    else if (e.key === 'Escape') shut();
    else return;
    e.preventDefault();
    e.stopPropagation();
  }
  function put(option) {
    const el = field(),
      found = said(),
      end = el.selectionStart;
    const start = found ? end - found[1].length - 1 : end;
    el.setRangeText(option.dataset.text, start, end, 'end');
    shut();
    el.focus();
    const gap = el.value.slice(start).match(/\{[^{}]+\}/); // what nothing is known of is left to be written
    if (gap) el.setSelectionRange(start + gap.index, start + gap.index + gap[0].length);
    grow(el);
    key = dl.key();
  }
  function slash() {
    const el = field();
    el.focus();
    if (menu()) {
      shut();
      return;
    }
    const before = el.value.slice(0, el.selectionStart);
    if (!said()) el.setRangeText(before && !/\s$/.test(before) ? ' /' : '/', el.selectionStart, el.selectionEnd, 'end');
    offer();
  }
  place.addEventListener('mousedown', e => {
    const option = e.target.closest('.replies [role=option]');
    if (!option) return;
    e.preventDefault();
    put(option);
  });

  // A colleague writes in the same thread: their frame carries a number, and their name is asked for once.
  const names = new Map();
  function types() {
    if (Date.now() - typed < 4000 || dl.live?.lost) return;
    typed = Date.now();
    const headers = { 'X-CSRFToken': dl.token() };
    fetch(`/inbox/${dl.inbox.open}/types`, { method: 'POST', headers, credentials: 'same-origin' }).catch(() => {});
  }
  let gone = 0;
  document.addEventListener('dl:STAFF_TYPING', async e => {
    const { conversation, user } = e.detail.ids;
    if (String(conversation) !== dl.inbox.open || String(user) === dl.inbox.box.dataset.me) return;
    if (!names.has(user)) {
      const body = await get(`/inbox/${conversation}/typing/${user}`).catch(() => null);
      if (body) names.set(user, body.textContent.trim());
    }
    const line = find('#types');
    if (!line || !names.get(user)) return;
    line.textContent = dl.word.types.replace('{name}', names.get(user));
    line.hidden = false;
    clearTimeout(gone);
    gone = setTimeout(() => {
      if (line) line.hidden = true;
    }, 6000);
  });
})();
