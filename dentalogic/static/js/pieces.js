// Pieces that are asked for anew, and what they must not take from who is at them: a press that is half done, a button at
// work, what was typed or chosen meanwhile, the focus, an open menu. Scripts that draw pieces themselves ask dl.held.
(() => {
  const BY_HAND = ['click', 'change', 'input', 'submit'],
    FIELDS = 'input:not([type=hidden]), select, textarea',
    SECOND = 1000;
  let pressed = null,
    freed = [];

  // From the pointer's going down until the click that it ends in: what is swapped in between gets none.
  function release() {
    pressed = null;
    const now = freed;
    freed = [];
    for (const work of now) work();
  }
  addEventListener('pointerdown', e => { pressed = e.target; }, true);
  for (const name of ['pointerup', 'pointercancel', 'dragend']) addEventListener(name, () => setTimeout(release), true);
  addEventListener('keydown', e => {
    if (e.key === ' ') pressed = e.target;
  }, true);
  addEventListener('keyup', e => {
    if (e.key === ' ') setTimeout(release);
  }, true);
  addEventListener('blur', release);

  // Whether a piece has to stay as it is for the moment; `later` is called once it need not.
  dl.held = (piece, later) => {
    if (pressed && piece.contains(pressed)) freed.push(later);
    else if (piece.querySelector('[aria-busy=true]')) setTimeout(later, SECOND / 2);
    else return false;
    return true;
  };

  // What a person has in a piece, given back to the one that takes its place.
  const NAMES = ['href', 'hx-post', 'hx-get', 'data-appointment', 'data-row', 'data-show', 'data-act', 'data-message', 'data-post',
    'data-panel', 'data-day', 'data-visit', 'popovertarget', 'name', 'value', 'hx-vals'];
  const same = node =>
    node.tagName + NAMES.map(name => (node.hasAttribute(name) ? `[${name}="${CSS.escape(node.getAttribute(name))}"]` : '')).join('');
  dl.keep = (piece, { again = () => piece, here = document.activeElement, scrolls = true } = {}) => {
    const focused = here !== piece && piece.contains(here) ? here : null,
      menus = [...piece.querySelectorAll('[popover][id]')].filter(one => one.matches(':popover-open')),
      scrolled = scrolls ? [piece, ...piece.querySelectorAll('.scroll-y')].map(one => one.scrollTop) : [];
    return () => {
      const now = again();
      if (!now) return;
      for (const menu of menus) if (!menu.isConnected) document.getElementById(menu.id)?.showPopover?.();
      [now, ...now.querySelectorAll('.scroll-y')].forEach((one, n) => {
        if (scrolled[n]) one.scrollTop = scrolled[n];
      });
      if (!focused || document.activeElement !== document.body) return;
      const next = focused.isConnected ? focused : document.getElementById(focused.id) ?? now.querySelector(same(focused));
      if (!next) now.tabIndex = -1; // what had it is gone: the next Tab goes on from here
      (next ?? now).focus({ preventScroll: true });
    };
  };

  // A field's value, and what the server last said that it was.
  const value = field =>
    field.matches('select') ? field.value : field.matches('[type=checkbox], [type=radio]') ? field.checked : field.value;
  const said = field => {
    if (field.matches('[type=checkbox], [type=radio]')) return field.defaultChecked;
    if (!field.matches('select')) return field.defaultValue;
    return ([...field.options].find(one => one.defaultSelected) ?? field.options[0])?.value;
  };
  const fields = piece => [...piece.querySelectorAll(FIELDS)].filter(field => field.id);
  const asked = new WeakMap(), // xhr: how the fields stood when it was sent
    at = new WeakMap(); // xhr: what had the focus; a button at work loses it
  function typed(e) {
    const then = asked.get(e.detail.xhr);
    return fields(e.detail.target)
      .filter(field => value(field) !== (then?.has(field.id) ? then.get(field.id) : said(field)))
      .map(field => [field.id, value(field)]);
  }
  function give([id, kept]) {
    const field = document.getElementById(id);
    if (!field) return;
    if (typeof kept === 'boolean') field.checked = kept;
    else field.value = kept;
  }

  // However many frames come, a piece is asked for at most once a second, one question at a time: at the first frame, and
  // again after the last. What comes while an answer is under way is asked after it, of what stands there by then.
  const pieces = new Map();
  const name = elt => elt.id || elt.getAttribute('hx-get');
  function of(elt) {
    const key = name(elt);
    if (!pieces.has(key)) pieces.set(key, { key, at: -SECOND, timer: 0, busy: 0, again: false });
    return pieces.get(key);
  }
  const stands = piece =>
    document.getElementById(piece.key) ?? [...document.querySelectorAll('[hx-get]')].find(one => name(one) === piece.key);
  function later(piece) {
    piece.timer ||= setTimeout(() => {
      piece.timer = 0;
      const source = stands(piece);
      if (!source) return;
      if (piece.busy) {
        piece.again = true;
        return;
      }
      piece.at = performance.now();
      htmx.ajax('GET', source.getAttribute('hx-get'), { source });
    }, Math.max(0, piece.at + SECOND - performance.now()));
  }
  document.addEventListener('htmx:confirm', e => {
    const { elt, verb, triggeringEvent } = e.detail;
    if (verb !== 'get' || !triggeringEvent?.type.startsWith('dl:')) return;
    const piece = of(elt);
    if (!piece.busy && !piece.timer && piece.at + SECOND <= performance.now()) {
      piece.at = performance.now();
      return;
    }
    e.preventDefault();
    if (piece.busy) piece.again = true;
    else later(piece);
  });
  const byHand = config => BY_HAND.includes(config.triggeringEvent?.type);
  document.addEventListener('htmx:beforeRequest', e => {
    const { elt, xhr, target, requestConfig } = e.detail;
    at.set(xhr, document.activeElement);
    if (requestConfig.verb !== 'get') {
      unheard(e.detail);
      return;
    }
    if (byHand(requestConfig)) {
      asked.set(xhr, new Map(fields(target).map(field => [field.id, value(field)])));
      return;
    }
    const piece = of(elt);
    piece.busy++;
    xhr.addEventListener('loadend', () => {
      piece.busy--;
      if (piece.again && !piece.busy) {
        piece.again = false;
        later(piece);
      }
    });
  });
  // A button that its own piece has lost meanwhile hears of no fault: its place is told.
  function unheard({ elt, xhr, target }) {
    const lost = status => !elt.isConnected && target.isConnected && dl.failed(target, status);
    xhr.addEventListener('load', () => {
      if (xhr.status >= 400 && ![400, 409, 422].includes(xhr.status)) lost(xhr.status);
    });
    for (const end of ['error', 'timeout']) xhr.addEventListener(end, () => lost(0));
  }

  document.addEventListener('htmx:beforeSwap', e => {
    const { target, xhr, requestConfig, shouldSwap } = e.detail,
      { elt } = requestConfig, // the event's own is the target
      get = requestConfig.verb === 'get',
      hand = byHand(requestConfig);
    if (!shouldSwap) return;
    if (get && (picked(elt, target) || stays(elt, target, requestConfig, hand))) {
      e.detail.shouldSwap = false;
      return;
    }
    const kept = get ? typed(e) : [],
      here = document.activeElement === document.body ? at.get(xhr) : document.activeElement;
    const back = dl.keep(target, {
      again: () => (target.isConnected ? target : document.getElementById(target.id)), here, scrolls: get && !hand });
    xhr.addEventListener('loadend', () => {
      kept.forEach(give);
      back();
    });
  });
  function stays(elt, target, config, hand) {
    const here = document.activeElement,
      again = () => (hand ? htmx.ajax('GET', config.path, { source: elt }) : later(of(elt)));
    if (!hand && target.contains(here) && here.matches(FIELDS)) {
      here.addEventListener('blur', () => setTimeout(again), { once: true });
      return true;
    }
    return dl.held(target, again);
  }

  // Who was chosen of a list stays, when the answer to what was typed before comes late.
  const wrote = new WeakMap();
  document.addEventListener('input', e => wrote.set(e.target, performance.now()), true);
  const picked = (elt, target) => {
    const one = elt.matches('[type=search]') && target.querySelector('[type=radio]:checked');
    return Boolean(one) && (wrote.get(one) ?? 0) > (wrote.get(elt) ?? 0);
  };
})();
