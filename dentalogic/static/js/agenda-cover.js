// What stands over and around the grid: the title, what is empty, what is loading, what failed. They never look alike.
(() => {
  const page = document.getElementById('ag');
  if (!page) return;
  const words = document.getElementById('agenda-words').dataset;
  const [state, list, month, said] = ['state', 'list', 'month', 'said'].map(id => document.getElementById(id));
  const text = day => `${day.slice(8, 10)}/${day.slice(5, 7)}`;

  // "Mar 24/11" where there is little room.
  function title(label) {
    const [first, ...rest] = label.split(' '),
      short = rest.length === 1 && first.length > 4 && rest[0].includes('/');
    const tail = dl.el('i', { className: 'desk-only', textContent: short ? first.slice(3) : '' });
    document.getElementById('label').replaceChildren(short ? first.slice(0, 3) : first, tail, ` ${rest.join(' ')}`);
  }
  function named(at) {
    const { lang } = document.documentElement,
      [first, last] = dl.where.range(at),
      utc = { timeZone: 'UTC' },
      day = new Date(`${at.day}T00:00:00Z`);
    const capital = one => one[0].toUpperCase() + one.slice(1);
    if (first === last) return `${capital(day.toLocaleDateString(lang, { weekday: 'long', ...utc }))} ${text(at.day)}`;
    if (at.view === 'month' || (at.view === 'list' && at.span === 'month'))
      return capital(day.toLocaleDateString(lang, { month: 'long', year: 'numeric', ...utc }));
    return `${text(first)} – ${text(last)}`;
  }
  // The bar follows at once, the grid when the answer to the last question is there.
  function frame(at) {
    page.dataset.view = at.view;
    for (const link of page.querySelectorAll('.seg a')) {
      const here = (link.dataset.view ?? link.dataset.span) === (link.dataset.view ? at.view : at.span);
      link.toggleAttribute('aria-current', here);
      if (here) link.setAttribute('aria-current', 'true');
    }
    document.getElementById('pick').value = at.day;
    document.getElementById('q').value = at.q;
    document.getElementById('whose').value = `${at.by}:${at.who}`;
    document.getElementById('print').href = `/agenda/print?${dl.where.query(at)}`;
    list.hidden = at.view !== 'list';
    month.hidden = at.view !== 'month';
    said.replaceChildren();
    title(named(at));
    document.getElementById('summary').textContent = '';
  }
  function say(words_) {
    const note = document.getElementById('t-said').content.cloneNode(true);
    note.querySelector('.grow').append(dl.el('strong', { textContent: words_ }));
    said.replaceChildren(note);
  }
  function show(kind, feed) {
    state.hidden = !kind;
    state.className = { error: 'unknown', empty: 'none' }[kind] ?? '';
    if (!kind) {
      state.replaceChildren();
      return;
    }
    state.replaceChildren(document.getElementById(`t-${kind}`).content.cloneNode(true));
    ({ loading, error, empty })[kind](feed);
  }
  function loading() {
    for (let n = 0; n < 30; n++)
      state.firstElementChild.append(
        dl.el('div', { className: `skel ${n % 5 && n % 7 === 3 ? 'n' : n % 3 ? 't' : ''}` }),
      );
  }
  function error() {
    state.querySelector('[data-last]').textContent = `${words.last} ${dl.hour()}.`;
  }
  function empty(feed) {
    if (state.querySelector('[data-said]')) return; // nobody attends yet at all: the page says what to do
    const n = feed.attending,
      said_ = n === 1 ? words.attendingOne : n ? words.attendingMany.replace('#', n) : words.attendingNone;
    state.querySelector('h2').textContent = `${words.none}: ${feed.label.toLowerCase()}`;
    state.querySelector('p').textContent = feed.holiday || said_;
    if (!n) state.querySelector('button')?.remove();
  }

  dl.cover = { frame, title, show, say, clear: () => said.replaceChildren(), words };
})();
