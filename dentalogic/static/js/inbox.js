// The inbox: which conversation is open (its address says so), what is new, writing. Pieces come from the server.
(() => {
  const box = document.getElementById('ib');
  if (!box) return;
  const list = document.getElementById('list'),
    place = document.getElementById('thread');
  let question = 0,
    rowsQuestion = 0,
    open = box.dataset.open ?? null,
    show = 'all',
    text = '',
    key = dl.key();
  const drafts = new Map();
  const section = () => place.querySelector('.th[data-thread]');
  const log = () => place.querySelector('[data-piece=log]');
  const token = () => ({ 'X-CSRFToken': dl.token() });
  const bottom = () => {
    const el = log();
    if (el) el.scrollTop = el.scrollHeight;
  };

  async function get(url) {
    const answer = await fetch(url, { headers: { 'HX-Request': 'true' }, credentials: 'same-origin' });
    if (answer.redirected || answer.status === 401) {
      dl.over();
      throw new Error('session');
    }
    if (!answer.ok) throw new Error(String(answer.status));
    return new DOMParser().parseFromString(await answer.text(), 'text/html').body;
  }

  // A thread. Opening draws it whole; a refresh changes only what changed, so the log says only what is new.
  async function load(pk, { count = 0, fresh = true } = {}) {
    const mine = ++question;
    const slow = fresh
      ? setTimeout(() => {
          if (mine === question) waiting();
        }, 200)
      : 0;
    try {
      const body = await get(`/inbox/${pk}/thread${count ? `?count=${count}` : ''}`);
      if (mine !== question) return; // an answer to an old question is dropped
      const composer = place.querySelector('[data-piece=comp]');
      if (composer && !fresh) dl.clearFault(composer);
      if (fresh) {
        place.replaceChildren(...body.childNodes);
        opened();
      } else merge(body);
      htmx.process(place);
      if (!document.hidden) seen(pk);
    } catch (fault) {
      if (mine !== question) return;
      if (fresh) place.replaceChildren(dl.el('section', { className: 'th none' }));
      const where = fresh
        ? place.firstElementChild
        : (place.querySelector('[data-piece=comp]') ?? place.firstElementChild);
      dl.fault(where, fault.message === '404' ? dl.word.gone : dl.word.unread, () => load(pk, { count, fresh }));
    } finally {
      clearTimeout(slow);
    }
  }
  function waiting() {
    const blocks = dl.el(
      'div',
      { className: 'sk-msgs' },
      ...Array.from({ length: 6 }, (_, n) => dl.el('div', { className: `skel ${n % 2 ? 'r' : ''}` })),
    );
    place.replaceChildren(dl.el('section', { className: 'th none' }, blocks));
  }
  function opened() {
    const field = place.querySelector('textarea');
    if (field && drafts.has(open)) field.value = drafts.get(open);
    bottom();
  }
  function merge(body) {
    const fresh = body.querySelector('.th[data-thread]'),
      here = section();
    if (!fresh || !here || fresh.dataset.thread !== here.dataset.thread) return;
    const el = log(),
      low = el.scrollHeight - el.scrollTop - el.clientHeight < 80;
    for (const piece of ['head', 'take', 'patient']) {
      const [old, now] = [place, body].map(from => from.querySelector(`[data-piece=${piece}]`));
      if (old && now && old.outerHTML !== now.outerHTML) old.replaceWith(now);
    }
    const composer = place.querySelector('[data-piece=comp]'),
      next = body.querySelector('[data-piece=comp]');
    if (composer.dataset.mode !== next.dataset.mode) {
      keep();
      composer.replaceWith(next);
      opened();
    }
    here.dataset.mode = fresh.dataset.mode;
    let before = null;
    for (const node of [...fresh.querySelector('[data-piece=log]').children]) {
      const old = node.id && el.querySelector(`#${CSS.escape(node.id)}`);
      if (old) {
        if (old.innerHTML !== node.innerHTML && !old.open) old.replaceWith(node);
        before = node.isConnected && el.contains(node) ? node : old;
        continue;
      }
      if (before) before.after(node);
      else el.prepend(node);
      before = node;
    }
    for (const node of el.querySelectorAll(':scope > .empty, :scope > .pending'))
      if (before && node !== before) node.remove();
    if (low) bottom();
  }
  const keep = () => {
    const field = place.querySelector('textarea');
    if (field && open) drafts.set(open, field.value);
  };
  const seen = pk =>
    fetch(`/inbox/${pk}/seen`, { method: 'POST', headers: token(), credentials: 'same-origin' }).catch(() => {});

  function choose(pk, push = true) {
    keep();
    open = pk;
    key = dl.key();
    box.classList.remove('aside');
    box.classList.toggle('open', Boolean(pk));
    for (const row of list.querySelectorAll('[data-row]')) {
      if (row.dataset.row === pk) row.setAttribute('aria-current', 'true');
      else row.removeAttribute('aria-current');
    }
    if (push) history.pushState(null, '', pk ? `/inbox/${pk}/` : '/inbox/');
    if (pk) load(pk);
  }

  // The list never reorders under the pointer: it says how many are new and waits until the pointer leaves.
  let behind = 0;
  async function rows() {
    const mine = ++rowsQuestion;
    try {
      const body = await get(`/inbox/list?show=${show}&q=${encodeURIComponent(text)}&open=${open ?? ''}`);
      if (mine !== rowsQuestion) return;
      behind = 0;
      dl.clearFault(list);
      const old = document.getElementById('rows'),
        at = old.scrollTop;
      for (const part of ['#rows', '.ib-f', '#unread-said'])
        list.querySelector(part).replaceWith(body.querySelector(part));
      document.getElementById('rows').scrollTop = at;
      list.querySelector('.ib-new')?.remove();
    } catch (fault) {
      if (mine === rowsQuestion && fault.message !== 'session') dl.fault(list, dl.word.unread, rows);
    }
  }
  const soon = dl.gently(rows);
  function changed(isNew) {
    if (list.querySelector('#rows:hover') && matchMedia('(hover: hover)').matches) {
      if (isNew) behind++;
      let pill = list.querySelector('.ib-new');
      if (!pill && behind) {
        pill = dl.el('button', { className: 'ib-new', type: 'button' });
        pill.addEventListener('click', rows);
        list.append(pill);
      }
      if (pill) pill.textContent = `${behind} ${behind === 1 ? dl.word.newOne : dl.word.newMany}`;
      list.dataset.stale = '';
      return;
    }
    soon();
  }
  list.addEventListener('mouseleave', () => {
    if ('stale' in list.dataset) {
      delete list.dataset.stale;
      rows();
    }
  });

  const again = () => {
    if (open) load(open, { fresh: false, count: Number(section()?.dataset.count ?? 0) });
  };
  const refresh = dl.gently(again);
  for (const name of ['NEW_MESSAGE', 'MESSAGE_SENT', 'CHAT_UPDATED', 'HUMAN_HANDOFF', 'HUMAN_OVERRIDE_CHANGED']) {
    document.addEventListener(`dl:${name}`, e => {
      if (name !== 'MESSAGE_SENT') changed(name === 'NEW_MESSAGE');
      const which = e.detail.ids.conversation; // unsaid to who sees only some: any may be the open one
      if ((which === undefined || String(which) === open) && name !== 'CHAT_UPDATED') refresh();
    });
  }
  document.addEventListener('dl:reconnected', () => {
    rows();
    refresh();
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && open) seen(open);
  });
  setInterval(() => {
    if (!document.hidden) {
      changed(false);
      refresh();
    }
  }, 60000);

  // What a person does. Refusals stand in the composer, the text stays.
  async function act(url, form, button) {
    const where = place.querySelector('[data-piece=comp]') ?? place;
    if (dl.live?.lost) {
      dl.fault(where, dl.word.offline);
      return false;
    }
    if (button) {
      button.disabled = true;
      button.setAttribute('aria-busy', 'true');
    }
    try {
      const answer = await fetch(url, { method: 'POST', body: form, headers: token(), credentials: 'same-origin' });
      if (answer.ok) {
        dl.clearFault(where);
        return true;
      }
      const body = await answer.json().catch(() => ({}));
      dl.fault(where, body.detail ?? (answer.status === 403 ? dl.word.forbidden : dl.word.unsaved));
    } catch {
      dl.fault(where, dl.word.unsaved);
    } finally {
      if (button) {
        button.disabled = false;
        button.removeAttribute('aria-busy');
      }
    }
    return false;
  }
  place.addEventListener('submit', async e => {
    const form = e.target.closest('[data-write]');
    if (!form) return;
    e.preventDefault();
    const field = form.querySelector('textarea'),
      data = new FormData(form);
    if (!field.value.trim()) {
      field.focus();
      return;
    }
    data.append('key', key); // the same text sent twice is one message
    if (await act(`/inbox/${form.dataset.write}/write`, data, form.querySelector('[type=submit]'))) {
      key = dl.key();
      field.value = '';
      drafts.delete(open);
      grow(field);
      again();
    }
    field.focus();
  });
  const grow = field => {
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight + 2, 160)}px`;
  };
  place.addEventListener('input', e => {
    if (e.target.matches('textarea')) {
      grow(e.target);
      key = dl.key();
    }
  });
  place.addEventListener('keydown', e => {
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey) && e.target.matches('textarea')) e.target.form.requestSubmit();
  });
  document.addEventListener('click', async e => {
    const hit = selector => e.target.closest(selector);
    const row = hit('[data-row]'),
      verb = hit('[data-act]'),
      retry = hit('[data-again]'),
      filter = hit('[data-show]');
    if (row && !e.ctrlKey && !e.metaKey) {
      e.preventDefault();
      choose(row.dataset.row);
    } else if (hit('[data-back]')) {
      choose(null);
      list.querySelector('[data-row]')?.focus();
    } else if (hit('[data-side]')) box.classList.toggle('aside');
    else if (hit('[data-older]')) load(open, { fresh: false, count: Number(hit('[data-older]').dataset.older) });
    else if (filter) {
      show = filter.dataset.show;
      rows();
    } else if (verb && (await act(`/inbox/${open}/${verb.dataset.act}`, null, verb))) {
      await load(open, { fresh: false });
      place.querySelector('textarea')?.focus();
      changed(false);
    } else if (retry && (await act(`/inbox/message/${retry.dataset.again}/again`, null, retry))) again();
  });
  let typing = 0;
  list.addEventListener('input', e => {
    if (e.target.id !== 'ib-q') return;
    clearTimeout(typing);
    typing = setTimeout(() => {
      text = e.target.value.trim();
      rows();
    }, 180);
  });
  list.addEventListener('submit', e => e.preventDefault());
  document.addEventListener('keydown', e => {
    const step = { j: 1, k: -1 }[e.key];
    if (!step || e.ctrlKey || e.metaKey || e.altKey || e.target.closest('input, textarea, select, dialog[open]'))
      return;
    const all = [...list.querySelectorAll('[data-row]')],
      at = all.findIndex(row => row.dataset.row === open);
    const next = all[at < 0 ? 0 : at + step];
    if (next) {
      choose(next.dataset.row);
      next.scrollIntoView({ block: 'nearest' });
    }
  });
  addEventListener('popstate', () => choose(location.pathname.match(/^\/inbox\/(\d+)\//)?.[1] ?? null, false));
  opened();
  if (open) seen(open);
})();
