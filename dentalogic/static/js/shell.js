// What every page shares: the clinic's clock, words, keys, menus, faults said where they were asked, buttons that work.
(() => {
  const body = document.body;
  dl.word = document.getElementById('words')?.dataset ?? {};

  // The clinic's wall clock, whatever the browser's zone: read with the UTC getters, never the local ones.
  const skew = body.dataset.now ? Date.parse(`${body.dataset.now}Z`) - Date.now() : 0;
  dl.now = () => new Date(Date.now() + skew);
  dl.hour = () => dl.now().toISOString().slice(11, 16);
  dl.today = () => dl.now().toISOString().slice(0, 10);
  dl.icon = (name, size = '') => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
    svg.setAttribute('class', `i ${size}`.trim());
    svg.setAttribute('aria-hidden', 'true');
    use.setAttribute('href', `${body.dataset.sprite}#${name}`);
    svg.append(use);
    return svg;
  };
  dl.el = (tag, props = {}, ...children) => {
    const { data, ...rest } = props;
    const node = Object.assign(document.createElement(tag), rest);
    Object.assign(node.dataset, data);
    node.append(...children.filter(child => child !== null && child !== undefined));
    return node;
  };

  // Faults. An error is never a toast: it stands at the top of the piece that was asked for, typed text stays.
  dl.fault = (place, text, retry) => {
    dl.clearFault(place);
    const strong = dl.el('strong', { textContent: text });
    const note = dl.el(
      'div',
      { className: 'note danger', data: { fault: '' } },
      dl.icon('warnc'),
      dl.el('span', { className: 'grow' }, strong),
    );
    note.setAttribute('role', 'alert');
    if (retry) {
      const again = dl.el('button', { className: 'btn btn-plain btn-s', type: 'button', textContent: dl.word.retry });
      again.addEventListener('click', retry);
      note.append(again);
    }
    place.prepend(note);
    return note;
  };
  dl.clearFault = place => {
    for (const old of place.querySelectorAll(':scope > [data-fault]')) old.remove();
  };
  const place = elt => elt.closest('[data-faults]') || document.getElementById('faults');

  dl.toast = (text, undo) => {
    for (const old of document.querySelectorAll('.toast-d')) old.remove();
    const toast = dl.el('div', { className: 'toast-d' }, dl.el('span', { textContent: text }));
    toast.setAttribute('role', 'status');
    if (undo) {
      const button = dl.el('button', { type: 'button', textContent: dl.word.undo });
      button.addEventListener('click', () => {
        toast.remove();
        undo();
      });
      toast.append(button);
    }
    body.append(toast);
    setTimeout(() => toast.remove(), 6000);
  };
  document.addEventListener('toast', e => dl.toast(e.detail.value ?? e.detail));

  dl.token = () => document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1] || body.dataset.csrf || '';
  dl.post = (url, data) =>
    fetch(url, {
      method: 'POST',
      body: JSON.stringify(data),
      credentials: 'same-origin',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRFToken': dl.token() },
    });
  dl.key = () =>
    crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map(b => b.toString(16)).join('');

  // The session ended: the page is loaded anew, once however many of its pieces hear it, and is the form to log in.
  // A form that is on its way may itself have ended it, and its answer is what there is to see.
  const ANSWER = 15000;
  let over = false,
    sent = -ANSWER;
  document.addEventListener('submit', e =>
    setTimeout(() => {
      if (!e.defaultPrevented) sent = performance.now();
    }));
  dl.over = () => {
    if (over) return;
    over = true;
    if (performance.now() - sent < ANSWER) setTimeout(() => location.reload(), ANSWER);
    else location.reload();
  };

  // htmx: the token, no writing while the live line is down, one answer to one click.
  document.addEventListener('htmx:configRequest', e => {
    if (e.detail.verb === 'get') return;
    e.detail.headers['X-CSRFToken'] = dl.token();
    if (dl.live?.lost) {
      e.preventDefault();
      dl.fault(place(e.detail.elt), dl.word.offline);
    }
  });
  const working = e => {
    const elt = e.detail.elt;
    return elt.matches('form') ? elt.querySelector('[type=submit]') : elt.closest('button');
  };
  document.addEventListener('htmx:beforeRequest', e => {
    if (e.detail.requestConfig.verb === 'get') return;
    const button = working(e);
    if (!button || button.dataset.label !== undefined) return;
    button.style.width = `${button.offsetWidth}px`;
    button.dataset.label = button.innerHTML;
    if (!button.classList.contains('btn-i')) button.textContent = dl.word.saving;
    button.setAttribute('aria-busy', 'true');
    button.disabled = true;
  });
  document.addEventListener('htmx:afterRequest', e => {
    const button = working(e);
    if (button?.dataset.label !== undefined) {
      button.innerHTML = button.dataset.label;
      delete button.dataset.label;
      button.removeAttribute('style');
      button.removeAttribute('aria-busy');
      button.disabled = false;
    }
    if (e.detail.successful) dl.clearFault(place(e.detail.elt));
  });
  document.addEventListener('htmx:beforeSwap', e => {
    if (!/^\s*<!doctype/i.test(e.detail.xhr.responseText)) return;
    e.detail.shouldSwap = false; // a whole page in place of a piece: the session ended, or a fault page
    if (e.detail.xhr.status < 400) dl.over();
    else fault(e);
  });
  dl.failed = (elt, status, get = false) => {
    const known = { 401: dl.word.ended, 403: dl.word.forbidden, 404: dl.word.gone }[status];
    dl.fault(place(elt), known ?? (get ? dl.word.unread : status ? dl.word.unsaved : dl.word.unsure));
  };
  function fault(e) {
    const get = e.detail.requestConfig?.verb === 'get',
      elt = e.detail.elt;
    const status = e.detail.xhr?.status;
    if (status === 401 && get) dl.over(); // the session ended; what is being sent stays, and is told so
    if (elt.dataset.quiet === undefined) dl.failed(elt, status, get);
  }
  document.addEventListener('htmx:sendError', fault);
  document.addEventListener('htmx:timeout', fault);
  document.addEventListener('htmx:responseError', e => {
    if (!e.detail.shouldSwap) fault(e);
  });
  document.addEventListener('htmx:afterSwap', e => {
    e.detail.target.querySelector?.('[aria-invalid=true], [autofocus]')?.focus();
  });

  // However many frames come, a piece is fetched at most once a second: at the first, and again after the last.
  const SECOND = 1000;
  dl.gently = (work, wait = 60) => {
    let last = -SECOND,
      timer = 0;
    return () => {
      timer ||= setTimeout(
        () => {
          timer = 0;
          last = performance.now();
          work();
        },
        Math.max(wait, last + SECOND - performance.now()),
      );
    };
  };

  // Keys, silent while typing. An element says its own: data-key="n"; places of the rail: data-go="a".
  const typing = node => node.closest?.('input, textarea, select, [contenteditable], dialog[open]');
  const visible = node => node.getClientRects().length > 0 && !node.disabled;
  const press = selector => {
    const node = [...document.querySelectorAll(selector)].find(visible);
    if (node) node.click();
    return Boolean(node);
  };
  let going = 0;
  document.addEventListener('keydown', e => {
    if (e.key === 'Escape') {
      closeTop(e);
      return;
    }
    if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target)) return;
    const key = e.key.length === 1 ? e.key.toLowerCase() : e.key;
    if (going && Date.now() - going < 1200) {
      going = 0;
      if (press(`[data-go="${CSS.escape(key)}"]`)) {
        e.preventDefault();
        return;
      }
    }
    if (key === 'g') {
      going = Date.now();
      return;
    }
    if (key === '/') {
      e.preventDefault();
      document.getElementById('find')?.focus();
      return;
    }
    if (key === '?') {
      document.getElementById('keys')?.showModal();
      return;
    }
    if (press(`[data-key~="${CSS.escape(key)}"]`)) e.preventDefault();
  });
  function closeTop(e) {
    if (document.querySelector('dialog[open], [popover]:popover-open')) return;
    const found = document.getElementById('found');
    if (found?.childElementCount) {
      found.replaceChildren();
      return;
    }
    if (e.target.closest?.('input, textarea')) {
      e.target.blur();
      return;
    }
    press('[data-key~="Escape"]');
  }

  // The search of the bar: arrows walk through what was found.
  const find = document.getElementById('find'),
    found = document.getElementById('found');
  if (find && found) {
    const links = () => [...found.querySelectorAll('a, button')];
    document.addEventListener('click', e => {
      if (!e.target.closest('.find-w')) found.replaceChildren();
    });
    document.querySelector('.find-w').addEventListener('keydown', e => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
      if (e.key === 'Enter' && e.target === find) {
        e.preventDefault();
        links()[0]?.click();
      }
      if (!step) return;
      e.preventDefault();
      const all = links(),
        at = all.indexOf(document.activeElement) + step;
      (all[at] ?? (at < 0 ? find : null))?.focus();
    });
  }

  for (const radio of document.querySelectorAll('[name=theme]')) {
    radio.checked = radio.value === dl.theme.chosen();
    radio.addEventListener('change', () => dl.theme.choose(radio.value));
  }
  document.addEventListener('click', e => {
    const opener = e.target.closest('[data-open]');
    if (opener) document.getElementById(opener.dataset.open)?.showModal();
    if (e.target.closest('[data-dismiss]')) e.target.closest('dialog')?.close();
  });

  // Another clinic of the same person: nothing of the former one stays on screen.
  document.addEventListener('click', async e => {
    const button = e.target.closest('[data-switch]');
    if (!button) return;
    try {
      const answer = await dl.post('/auth/switch', { tenant_id: Number(button.dataset.switch) });
      if (!answer.ok) throw new Error(String(answer.status));
      location.assign('/');
    } catch {
      dl.fault(document.getElementById('faults'), dl.word.unsaved);
    }
  });

  // Somebody in danger waits: it sounds once for each, and stays in the bar until somebody takes the conversation.
  const heard = new Set(JSON.parse(sessionStorage.getItem('dl-heard') || '[]'));
  document.addEventListener('htmx:afterSwap', e => {
    if (e.detail.target.id !== 'notices') return;
    const fresh = [...document.querySelectorAll('[data-emergency]')].filter(
      node => !heard.has(node.dataset.emergency),
    );
    for (const node of fresh) heard.add(node.dataset.emergency);
    sessionStorage.setItem('dl-heard', JSON.stringify([...heard]));
    if (fresh.length) beep();
  });
  // What a colleague passed to this person is said once, wherever they are.
  document.addEventListener('htmx:afterSwap', e => {
    if (e.detail.target.id !== 'notices') return;
    for (const node of document.querySelectorAll('[data-passed]')) {
      if (!heard.has(node.dataset.passed)) dl.toast(node.dataset.said);
      heard.add(node.dataset.passed);
    }
    sessionStorage.setItem('dl-heard', JSON.stringify([...heard]));
  });
  function beep() {
    try {
      const audio = new AudioContext(),
        tone = audio.createOscillator(),
        level = audio.createGain();
      tone.frequency.value = 740;
      level.gain.value = 0.08;
      tone.connect(level).connect(audio.destination);
      tone.start();
      tone.stop(audio.currentTime + 0.35);
    } catch {
      /* no sound device: the bar still says it */
    }
  }
})();
