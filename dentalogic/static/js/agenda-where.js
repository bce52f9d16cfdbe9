// Where one is in the agenda, and the address that says so. Days are the clinic's calendar days, never the browser's.
(() => {
  const page = document.getElementById('ag');
  if (!page) return;
  const phone = matchMedia('(max-width: 767px)');
  const shift = (day, days) => new Date(Date.parse(`${day}T00:00:00Z`) + days * 864e5).toISOString().slice(0, 10);
  const monday = day => shift(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));
  const month = (day, by = 0) => {
    const first = new Date(`${day.slice(0, 7)}-01T00:00:00Z`);
    first.setUTCMonth(first.getUTCMonth() + by);
    return first.toISOString().slice(0, 10);
  };
  const KEPT = ['span', 'by', 'who', 'q']; // in the address where they are not what they usually are
  const USUAL = { span: 'day', by: 'professional', who: '', q: '' };

  function read() {
    const asked = new URLSearchParams(location.search),
      view = asked.get('view') ?? page.dataset.view;
    return {
      day: asked.get('day') || page.dataset.today,
      view: view === 'week' && phone.matches ? 'day' : view,
      ...Object.fromEntries(KEPT.map(name => [name, asked.get(name) ?? USUAL[name]])),
      appointment: asked.get('appointment'),
      panel: asked.get('panel'),
    };
  }
  function address(at) {
    const query = new URLSearchParams({ day: at.day, view: at.view });
    for (const name of KEPT) if (at[name] && at[name] !== USUAL[name]) query.set(name, at[name]);
    if (at.appointment) query.set('appointment', at.appointment);
    else if (at.panel) query.set('panel', at.panel);
    return `?${query}`;
  }
  // How much is on screen at once: a day, a week, a month.
  const span = at => (at.view === 'list' ? at.span : at.view);
  function range(at) {
    const first = { week: monday, month }[span(at)]?.(at.day) ?? at.day;
    return [first, { week: shift(first, 6), month: shift(month(at.day, 1), -1) }[span(at)] ?? first];
  }
  function step(at, by) {
    if (!by) return dl.today();
    return span(at) === 'month' ? month(at.day, by) : shift(at.day, by * (span(at) === 'week' ? 7 : 1));
  }
  // Whose visits are asked for, and which days: what the list, the month, the search and the print all send.
  function query(at) {
    const [first, last] = range(at),
      asked = new URLSearchParams({ first, last });
    if (at.who) asked.set(at.by, at.who);
    if (at.q && at.view === 'list') asked.set('q', at.q);
    return asked;
  }
  const differs = (one, other) =>
    one.day !== other.day ||
    one.view !== other.view ||
    (['list', 'month'].includes(other.view) && [...KEPT].some(name => one[name] !== other[name]));

  dl.where = { phone, read, address, range, step, query, differs };
})();
