// The side panel of the agenda: a visit, the finder, the form of a new turn. What it holds has an address.
(() => {
  const page = document.getElementById('ag');
  if (!page) return;
  const panel = document.getElementById('panel'),
    side = page.querySelector('.ag-side');
  const FORMS = ['new', 'finder', 'room', 'feeds'];
  let question = 0,
    sending = 0,
    missed = null;

  const openings = ([first, last]) =>
    [...panel.querySelectorAll('[data-opening]')]
      .map(node => ({
        professional: node.dataset.opening,
        start: node.dataset.start,
        end: node.dataset.end,
        what: node.dataset.what ?? '',
        node,
      }))
      .filter(one => first <= one.start.slice(0, 10) && one.start.slice(0, 10) <= last);

  function shut() {
    const button = dl.el('button', { className: 'btn btn-quiet btn-i', type: 'button', data: { close: '', key: 'Escape' } }, dl.icon('x'));
    button.setAttribute('aria-label', dl.cover.words.close);
    return dl.el('header', { className: 'row-f' }, dl.el('span', { className: 'grow' }), button);
  }

  // One's own change comes back as a frame: what is shown already stays, and so does the focus.
  const version = html => /data-version="(\d+)"/.exec(html)?.[1];
  async function show(url, retry, live = false) {
    const mine = ++question;
    side.classList.add('open');
    try {
      const answer = await fetch(url, { headers: { 'HX-Request': 'true' }, credentials: 'same-origin' });
      if (mine !== question) return;
      if (answer.redirected || answer.status === 401) {
        dl.over();
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const html = await answer.text();
      if (mine !== question || (live && Number(version(html)) <= Number(visit()?.dataset.version))) return;
      if (live && dl.held(panel, () => mine === question && show(url, retry, live))) return;
      const back = live ? dl.keep(panel) : null;
      panel.innerHTML = html;
      htmx.process(panel);
      box.onShown();
      back?.();
      if (!live) (panel.querySelector('[autofocus]') ?? panel).focus({ preventScroll: true });
    } catch (fault) {
      if (mine !== question) return;
      if (!live) panel.replaceChildren(shut()); // what was there is not what was asked for
      const known = { 403: dl.word.forbidden, 404: dl.word.gone }[fault.message];
      dl.fault(panel, known ?? dl.word.unread, known ? null : retry);
    }
  }
  const post = (url, more) =>
    fetch(url, { method: 'POST', credentials: 'same-origin', headers: { 'X-CSRFToken': dl.token() }, ...more });
  const letGo = () => {
    if (panel.querySelector('#booking[data-held]')) post('/agenda/release', { keepalive: true });
  };
  function empty() {
    question++;
    side.classList.remove('open');
    panel.replaceChildren();
  }
  // What the grid should be taken to: the first opening that was found, and then the one that is held.
  function sought() {
    const first = panel.querySelector('[data-opening]')?.dataset,
      held = panel.querySelector('#booking[data-held]')?.elements;
    if (held) return { start: `${held.day.value}T${held.hour.value}`, professional: held.professional.value };
    return first ? { start: first.start, professional: first.opening } : null;
  }
  const visit = () => panel.querySelector('[data-appointment-panel]');
  // What is being typed about a visit is left alone when somebody else changes it: it is said, and saving shows both.
  // A button that has the focus writes nothing.
  const writing = () => panel.querySelector('.ap-edit[open], :is(input, select, textarea):focus, dialog[open]');
  function refresh(id) {
    if (sending) {
      missed = id; // what is being sent brings it
      return;
    }
    if (!writing()) {
      show(`/agenda/panel/${id}`, null, true);
      return;
    }
    if (panel.querySelector('[data-changed]')) return;
    const text = dl.el('strong', { textContent: dl.cover.words.changed }),
      note = dl.el('div', { className: 'note warn', data: { changed: '' } }, dl.icon('alert'), text);
    note.setAttribute('role', 'status');
    panel.prepend(note);
  }

  // What is sent from the panel is a question too: its answer is not drawn over what somebody opened meanwhile. A refusal
  // is said all the same, and what was held for nobody is let go.
  const asked = new WeakMap();
  document.addEventListener('htmx:beforeRequest', e => {
    const { xhr, target, requestConfig } = e.detail;
    if (target !== panel) return;
    const news = requestConfig.verb === 'get' && requestConfig.elt.id === 'room';
    asked.set(xhr, news ? question : ++question);
    if (news) return;
    sending++;
    xhr.addEventListener('loadend', () => {
      sending--;
      const id = missed;
      missed = null;
      if (id && !sending && id === visit()?.dataset.appointmentPanel) refresh(id);
    });
  });
  document.addEventListener('htmx:beforeSwap', e => {
    const { xhr, target, requestConfig } = e.detail;
    if (target !== panel || !e.detail.shouldSwap || (asked.get(xhr) ?? question) === question) return;
    e.detail.shouldSwap = false;
    if (requestConfig.verb === 'get') return;
    const answer = new DOMParser().parseFromString(xhr.responseText, 'text/html'),
      said = answer.querySelector('[role=alert]')?.textContent.trim();
    if (answer.querySelector('#booking[data-held]')) post('/agenda/release', { keepalive: true });
    if (said) dl.cover.say(said);
    box.onSent();
  });

  const box = { onShown() {}, onSent() {}, node: panel, FORMS, openings, show, post, letGo, empty, sought, visit, refresh };
  dl.box = box;
  addEventListener('pagehide', letGo);
})();
