// The inbox's list. It never reorders under the pointer: it says how many are new and waits until the pointer leaves.
(() => {
  if (!dl.inbox) return;
  const list = document.getElementById('list');
  let question = 0,
    show = 'all',
    text = '',
    behind = 0,
    typing = 0;

  const over = () => list.querySelector('#rows:hover') && matchMedia('(hover: hover)').matches;
  async function rows({ news = false } = {}) {
    const mine = ++question;
    try {
      const url = `/inbox/list?show=${show}&q=${encodeURIComponent(text)}&open=${dl.inbox.open ?? ''}`;
      const body = await dl.inbox.get(url);
      if (mine !== question) return;
      if (news && over()) {
        list.dataset.stale = ''; // the pointer came while it was asked
        return;
      }
      if (dl.held(list, () => mine === question && rows({ news }))) return;
      behind = 0;
      dl.clearFault(list);
      const old = document.getElementById('rows'),
        at = old.scrollTop,
        back = dl.keep(list, { scrolls: false });
      for (const part of ['#rows', '.ib-f', '#unread-said'])
        list.querySelector(part).replaceWith(body.querySelector(part));
      document.getElementById('rows').scrollTop = at;
      back();
      list.querySelector('.ib-new')?.remove();
    } catch (fault) {
      if (mine === question && fault.message !== 'session') dl.fault(list, dl.word.unread, () => rows());
    }
  }
  const soon = dl.gently(() => rows({ news: true }));
  function changed(isNew) {
    if (!over()) {
      soon();
      return;
    }
    if (isNew) behind++;
    let pill = list.querySelector('.ib-new');
    if (!pill && behind) {
      pill = dl.el('button', { className: 'ib-new', type: 'button' });
      pill.addEventListener('click', () => rows());
      list.append(pill);
    }
    if (pill) pill.textContent = `${behind} ${behind === 1 ? dl.word.newOne : dl.word.newMany}`;
    list.dataset.stale = '';
  }
  list.addEventListener('mouseleave', () => {
    if ('stale' in list.dataset) {
      delete list.dataset.stale;
      rows();
    }
  });
  for (const name of ['NEW_MESSAGE', 'CHAT_UPDATED', 'HUMAN_HANDOFF', 'HUMAN_OVERRIDE_CHANGED'])
    document.addEventListener(`dl:${name}`, () => changed(name === 'NEW_MESSAGE'));
  document.addEventListener('dl:reconnected', soon);
  document.addEventListener('inbox:done', () => changed(false));
  document.addEventListener('inbox:chosen', () => {
    for (const row of list.querySelectorAll('[data-row]')) {
      if (row.dataset.row === dl.inbox.open) row.setAttribute('aria-current', 'true');
      else row.removeAttribute('aria-current');
    }
  });
  setInterval(() => {
    if (!document.hidden) changed(false);
  }, 60000);

  list.addEventListener('click', e => {
    const filter = e.target.closest('[data-show]');
    if (!filter) return;
    show = filter.dataset.show;
    rows();
  });
  list.addEventListener('input', e => {
    if (e.target.id !== 'ib-q') return;
    clearTimeout(typing);
    typing = setTimeout(() => {
      text = e.target.value.trim();
      rows();
    }, 180);
  });
  list.addEventListener('submit', e => e.preventDefault());
})();
