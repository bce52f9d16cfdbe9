// The inbox: which conversation is open (its address says so), what is new, keys. Pieces come from the server.
// inbox-list.js keeps the list, inbox-composer.js what a person writes; both speak through dl.inbox and inbox:* events.
(() => {
  const box = document.getElementById('ib');
  if (!box) return;
  const place = document.getElementById('thread');
  let question = 0,
    opening = false, // the chosen one is not here yet: news of it are asked for after it
    behind = false,
    open = box.dataset.open ?? null,
    closing = 0;
  const served = new Map(); // each piece as the server last said it: what is drawn into it since is not a change
  const section = () => place.querySelector('.th[data-thread]');
  const log = () => place.querySelector('[data-piece=log]');
  const token = () => ({ 'X-CSRFToken': dl.token() });
  const tell = (name, detail) => document.dispatchEvent(new CustomEvent(`inbox:${name}`, { detail }));
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
    opening = fresh;
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
      } else {
        if (dl.held(place, () => mine === question && again())) return;
        merge(body);
      }
      htmx.process(place);
      if (!document.hidden) seen(pk);
    } catch (fault) {
      if (mine !== question || fault.message === 'session') return;
      if (fresh) place.replaceChildren(dl.el('section', { className: 'th none' }));
      const where = fresh
        ? place.firstElementChild
        : (place.querySelector('[data-piece=comp]') ?? place.firstElementChild);
      dl.fault(where, fault.message === '404' ? dl.word.gone : dl.word.unread, () => load(pk, { count, fresh }));
    } finally {
      clearTimeout(slow);
      if (mine === question) opening = false;
      if (behind && !opening) refresh();
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
    served.clear();
    for (const piece of place.querySelectorAll('[data-piece]')) served.set(piece.dataset.piece, piece.outerHTML);
    arm();
    bottom();
    tell('opened');
  }
  // The window closes while the page is open: the composer is asked for again at that moment, and comes locked.
  function arm() {
    clearTimeout(closing);
    const left = Number(section()?.dataset.left ?? NaN); // seconds, of the server's clock
    if (left >= 0) closing = setTimeout(again, left * 1000 + 1000);
  }
  function merge(body) {
    const fresh = body.querySelector('.th[data-thread]'),
      here = section();
    if (!fresh || !here || fresh.dataset.thread !== here.dataset.thread) return;
    const el = log(),
      low = el.scrollHeight - el.scrollTop - el.clientHeight < 80,
      back = dl.keep(place, { scrolls: false });
    for (const piece of ['head', 'take', 'later', 'patient']) swap(piece, body);
    const composer = place.querySelector('[data-piece=comp]'),
      next = body.querySelector('[data-piece=comp]');
    if (composer.dataset.mode !== next.dataset.mode) {
      const had = composer.contains(document.activeElement) ? document.activeElement : null;
      tell('leaving');
      composer.replaceWith(next);
      tell('opened');
      const same = had?.id && next.querySelector(`#${had.id}`);
      if (had) [same, ...next.querySelectorAll('textarea, select, .btn-primary'), el].find(one => one?.checkVisibility()).focus();
    }
    for (const name of ['mode', 'count', 'left']) {
      if (name in fresh.dataset) here.dataset[name] = fresh.dataset[name];
      else delete here.dataset[name];
    }
    arm();
    const first = el.querySelector('[id^=m-]'),
      [top, stood] = [first?.offsetTop, el.scrollTop];
    lines(el, fresh.querySelector('[data-piece=log]'));
    if (low) bottom();
    else if (first?.isConnected) el.scrollTop = stood + first.offsetTop - top; // older ones come above what is read
    back();
  }
  function swap(piece, body) {
    const [old, now] = [place, body].map(from => from.querySelector(`[data-piece=${piece}]`));
    if (!old || !now || served.get(piece) === now.outerHTML || old.querySelector('.drop[open]')) return;
    served.set(piece, now.outerHTML);
    const kept = old.querySelector('[data-keep][open]'),
      its = now.querySelector('[data-keep]');
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    if (kept && its) its.replaceWith(kept);
    old.replaceWith(now);
    if (kept?.contains(focused)) focused.focus();
    tell('swapped', { piece });
  }
  function lines(el, fresh) {
    let before = null;
    const wanted = new Set([...fresh.children].map(node => node.id));
    for (const node of [...fresh.children]) {
      const old = node.id && el.querySelector(`#${CSS.escape(node.id)}`);
      if (old) {
        if (served.get(node.id) !== node.outerHTML && old.outerHTML !== node.outerHTML && !old.open && !old.querySelector('.whom[open]')) {
          served.set(node.id, node.outerHTML);
          old.replaceWith(node);
        }
        before = node.isConnected && el.contains(node) ? node : old;
        continue;
      }
      if (before) before.after(node);
      else el.prepend(node);
      before = node;
    }
    for (const node of [...el.children]) if (!wanted.has(node.id)) node.remove();
  }
  const seen = pk =>
    fetch(`/inbox/${pk}/seen`, { method: 'POST', headers: token(), credentials: 'same-origin' }).catch(() => {});

  function choose(pk, push = true) {
    tell('leaving');
    open = pk;
    box.classList.remove('aside');
    box.classList.toggle('open', Boolean(pk));
    if (push) history.pushState(null, '', pk ? `/inbox/${pk}/` : '/inbox/');
    tell('chosen');
    if (pk) load(pk);
    else {
      question++;
      opening = false;
    }
  }

  const again = () => {
    behind = opening;
    if (opening) return;
    if (open && section()) load(open, { fresh: false, count: Number(section().dataset.count ?? 0) });
  };
  const refresh = dl.gently(again);
  for (const name of ['NEW_MESSAGE', 'MESSAGE_SENT', 'CHAT_UPDATED', 'HUMAN_HANDOFF', 'HUMAN_OVERRIDE_CHANGED']) {
    document.addEventListener(`dl:${name}`, e => {
      const which = e.detail.ids.conversation; // unsaid to who sees only some: any may be the open one
      if (which === undefined || String(which) === open) refresh();
    });
  }
  document.addEventListener('dl:reconnected', refresh);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && open) seen(open);
  });
  setInterval(() => {
    if (!document.hidden) refresh();
  }, 60000);

  // What a person does. Refusals stand where it was asked, the text stays.
  async function act(url, { form = null, button = null, where = null } = {}) {
    const spot = where ?? place.querySelector('[data-piece=comp]') ?? place,
      wrong = text => dl.fault(spot.isConnected ? spot : document.getElementById('faults'), text);
    if (dl.live?.lost) {
      wrong(dl.word.offline);
      return false;
    }
    if (button) {
      button.disabled = true;
      button.setAttribute('aria-busy', 'true');
    }
    try {
      const answer = await fetch(url, { method: 'POST', body: form, headers: token(), credentials: 'same-origin' });
      if (answer.ok) {
        dl.clearFault(spot);
        return true;
      }
      const body = await answer.json().catch(() => ({}));
      const known = { 401: dl.word.ended, 403: dl.word.forbidden, 404: dl.word.gone, 413: dl.word.large }[answer.status];
      wrong(body.detail ?? known ?? dl.word.unsaved);
      if (answer.status === 409) refresh(); // somebody was quicker, or the window closed: it is shown as it is
    } catch {
      wrong(dl.word.unsure);
    } finally {
      if (button) {
        button.disabled = false;
        button.removeAttribute('aria-busy');
      }
    }
    return false;
  }
  async function acted(button) {
    const { act: verb, message, post, name, value } = button.dataset,
      pk = section()?.dataset.thread; // what is seen, not what was asked for since
    const url = post ?? (message ? `/inbox/message/${message}` : `/inbox/${pk}/${verb}`);
    const form = new FormData();
    if (name) form.append(name, value);
    if (!(await act(url, { form, button, where: button.closest('[data-faults]') }))) return;
    if (pk !== open || opening) return; // they went to another meanwhile
    button.closest('.drop, .whom')?.removeAttribute('open');
    await load(open, { fresh: false, count: Number(section()?.dataset.count ?? 0) });
    tell('done', { verb: verb ?? 'message' });
  }
  document.addEventListener('click', e => {
    const hit = selector => e.target.closest(selector);
    const row = hit('[data-row]'),
      button = hit('[data-act], [data-message], [data-post]'),
      older = hit('[data-older]');
    if (row && !e.ctrlKey && !e.metaKey) {
      e.preventDefault();
      choose(row.dataset.row);
    } else if (hit('[data-back]')) {
      const was = open;
      choose(null);
      document.querySelector(`[data-row="${was}"]`)?.focus();
    } else if (hit('[data-side]')) box.classList.toggle('aside');
    else if (older) load(open, { fresh: false, count: Number(older.dataset.older) });
    else if (button && place.contains(button)) acted(button);
  });

  // What is asked for when it is wanted: a menu that opens, a part that is unfolded.
  async function fill(where, url, still = () => true) {
    try {
      const body = await get(url);
      if (!still()) return false; // another is asked by now
      where.replaceChildren(...body.childNodes);
      return true;
    } catch (fault) {
      if (fault.message !== 'session' && still()) dl.fault(where, dl.word.unread, () => fill(where, url, still));
      return false;
    }
  }
  const shutDrops = but => {
    for (const drop of place.querySelectorAll('.drop[open]')) if (!but || !drop.contains(but)) drop.open = false;
  };
  document.addEventListener('click', e => shutDrops(e.target));
  place.addEventListener('keydown', e => {
    const drop = e.key === 'Escape' && e.target.closest('.drop[open]');
    if (!drop) return;
    e.stopPropagation();
    shutDrops();
    drop.querySelector('summary').focus();
  });
  place.addEventListener(
    'toggle',
    e => {
      const part = e.target.querySelector?.('[data-load]');
      if (e.target.open && part) fill(part, part.dataset.load);
    },
    true,
  );
  let asking = 0;
  place.addEventListener('input', e => {
    if (e.target.id !== 'whose-q') return;
    clearTimeout(asking);
    const part = e.target.closest('[data-load]');
    asking = setTimeout(async () => {
      const typed = e.target.value,
        still = () => e.target.isConnected && e.target.value === typed;
      let at = null;
      const url = `${part.dataset.load}?q=${encodeURIComponent(typed.trim())}`;
      const there = () => still() && ((at = e.target.selectionStart), true);
      if (!(await fill(part, url, there))) return;
      const field = part.querySelector('#whose-q');
      field.value = typed;
      field.focus();
      field.setSelectionRange(at, at);
    }, 200);
  });
  document.addEventListener('inbox:done', e => {
    const part = place.querySelector('[data-keep][open] [data-load]');
    if (part && ['link', 'unlink', 'merge', 'message'].includes(e.detail.verb)) fill(part, part.dataset.load);
  });

  document.addEventListener('keydown', e => {
    const step = { j: 1, k: -1 }[e.key];
    if (!step || e.ctrlKey || e.metaKey || e.altKey || e.target.closest('input, textarea, select, dialog[open]'))
      return;
    const all = [...document.querySelectorAll('#list [data-row]')],
      at = all.findIndex(row => row.dataset.row === open);
    const next = all[at < 0 ? 0 : at + step];
    if (next) {
      choose(next.dataset.row);
      next.scrollIntoView({ block: 'nearest' });
    }
  });
  addEventListener('popstate', () => choose(location.pathname.match(/^\/inbox\/(\d+)\//)?.[1] ?? null, false));
  dl.inbox = {
    box,
    place,
    get,
    fill,
    act,
    again,
    get open() {
      return open;
    },
  };
  // the scripts beside this one are there before it is told
  addEventListener('DOMContentLoaded', () => {
    opened();
    if (open) seen(open);
  });
})();
