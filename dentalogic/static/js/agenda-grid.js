// The calendar itself: columns, visits, closed hours, the now line. It knows no address; agenda.js asks and answers.
// Times come and go as naive wall clocks of the clinic: the browser's zone never takes part.
(() => {
  const el = document.getElementById('cal');
  if (!el) return;
  const words = document.getElementById('agenda-words').dataset;
  const SLOT = { desk: 37, phone: 40 },
    MINUTE = 60000;
  const wall = date => {
    const two = n => String(n).padStart(2, '0');
    return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
  };
  const hour = text => text.slice(11, 16);
  let calendar = null,
    data = null,
    options = {},
    dragging = false,
    waiting = null,
    applied = {},
    seen = null,
    found = null;

  const columns = () => (options.by === 'chair' ? data.chairs : data.professionals);
  const column = id => columns().find(one => String(one.id) === String(id));
  const home = one => String(options.by === 'chair' ? one.chair : one.professional);
  const label = ({ resource }) => {
    const one = column(resource.id);
    if (!one) return '';
    const face = dl.el('b', { className: `face ${one.face}`, textContent: one.initials });
    face.setAttribute('aria-hidden', 'true');
    const text = dl.el('span', {}, dl.el('b', { textContent: one.name }), dl.el('small', { textContent: one.sub }));
    return { domNodes: [dl.el('span', { className: 'pro' }, face, text)] };
  };
  const content = ({ event }) => {
    const x = event.extendedProps;
    if (x.kind === 'shut' || x.kind === 'now') return '';
    const who = dl.el('b', { textContent: event.title });
    const first = dl.el(
      'span',
      { className: 'l1' },
      x.urgent ? dl.icon('bolt', 'u') : null,
      who,
      x.over ? dl.el('span', { className: 'ov', textContent: 'S' }) : null,
      x.icon ? dl.icon(x.icon) : null,
    );
    const second = dl.el('span', { className: 'l2', textContent: x.second });
    return { domNodes: [dl.el('span', { className: 'ev' }, first, second)] };
  };
  const mounted = ({ el: node, event }) => {
    const x = event.extendedProps;
    if (x.label) node.setAttribute('aria-label', x.label);
    if (x.kind === 'visit') node.dataset.visit = event.id;
    if (x.kind === 'shut' || x.kind === 'now') {
      node.setAttribute('aria-hidden', 'true');
      node.removeAttribute('tabindex');
    }
    if (['held', 'busy', 'closure'].includes(x.kind)) {
      node.removeAttribute('tabindex');
      node.setAttribute('role', 'note');
    }
  };

  const visit = one => {
    const held = one.status === 'held';
    const said = [
      one.who,
      `${hour(one.start)} ${words.to} ${hour(one.end)}`,
      one.what,
      one.word,
      one.source && `${words.by} ${one.source}`,
      one.urgent && words.urgent,
      one.over && words.over,
    ]
      .filter(Boolean)
      .join(', ');
    return {
      id: String(one.id),
      resourceIds: [home(one)],
      start: one.start,
      end: one.end,
      title: one.who,
      classNames: [`st-${one.status}`, String(one.id) === String(options.selected) ? 'sel' : ''].filter(Boolean),
      editable: false,
      startEditable: one.movable && options.writes && !options.phone,
      durationEditable: one.resizable && options.writes && !options.phone,
      extendedProps: {
        kind: held ? 'held' : one.opens ? 'visit' : 'busy',
        icon: one.icon,
        urgent: one.urgent,
        over: one.over,
        version: one.version,
        professional: one.professional,
        opens: one.opens,
        second: held ? `${one.what} · ${one.source}` : `${hour(one.start)} ${one.what}`.trim(),
        label: said,
      },
    };
  };
  // Where a closure stands: everybody's, one professional's, or a chair's and so of those who work in it.
  const closedFor = ({ professional, chair }) => {
    const mine = columns().filter(one =>
      options.by === 'chair'
        ? !professional && (!chair || one.id === chair)
        : (!professional || one.id === professional) && (!chair || one.chair === chair),
    );
    return mine.map(one => String(one.id));
  };
  const closure = one => ({
    id: `c${one.id}`,
    resourceIds: closedFor(one),
    start: one.start,
    end: one.end,
    title: one.title,
    display: 'background', // behind the visits, which stand all the same and keep their width
    classNames: ['st-gblock'],
    extendedProps: {
      kind: 'closure',
      icon: one.google ? 'google' : 'lock',
      second: '',
      label: `${one.title}, ${hour(one.start)} ${words.to} ${hour(one.end)}`,
    },
  });
  const shut = (one, n) => ({
    id: `s${n}`,
    resourceIds: [home(one)],
    start: one.start,
    end: one.end,
    display: 'background',
    title: '',
    extendedProps: { kind: 'shut' },
  });
  const chairOf = pro => data.professionals.find(one => String(one.id) === String(pro))?.chair ?? 0;
  const opening = (one, n) => ({
    id: `o${n}`,
    resourceIds: [options.by === 'chair' ? String(chairOf(one.professional)) : String(one.professional)],
    start: one.start.replace('T', ' '),
    end: one.end.replace('T', ' '),
    title: `${words.open} ${hour(one.start)}`,
    classNames: ['st-open'],
    editable: false,
    extendedProps: {
      kind: 'open',
      icon: 'plus',
      second: one.what,
      label: `${words.open} ${hour(one.start)}, ${one.what}`,
      node: one.node,
    },
  });
  const nowLine = () => {
    const now = dl.now(),
      later = new Date(now.getTime() + MINUTE),
      text = date => date.toISOString().slice(0, 19).replace('T', ' ');
    return shown().map((one, n) => ({
      id: `n${n}`,
      resourceIds: [String(one.id)],
      start: text(now),
      end: text(later),
      display: 'background',
      title: '',
      classNames: n ? ['now'] : ['now', 'first'],
      extendedProps: { kind: 'now' },
    }));
  };
  const shown = () => {
    const only = options.single ? columns().filter(one => String(one.id) === String(options.single)) : [];
    return only.length ? only : columns();
  };

  const isSought = ({ start, resourceIds: [whose], classNames }) =>
    options.sought &&
    classNames &&
    start.replace(' ', 'T').startsWith(options.sought.start) &&
    (options.by === 'chair' || whose === String(options.sought.professional));
  const events = () =>
    [
      ...data.closed.filter(one => (options.by === 'chair') === (one.professional === null)).map(shut),
      ...data.closures.map(closure),
      ...data.appointments.map(visit),
      ...(options.openings ?? []).map(opening),
      ...nowLine(),
    ]
      .map(event => (isSought(event) ? { ...event, classNames: [...event.classNames, 'sought'] } : event))
      .filter(event => event.resourceIds.some(id => shown().some(one => String(one.id) === id)));

  const settings = () => ({
    view: options.view === 'week' ? 'timeGridWeek' : 'resourceTimeGridDay',
    date: options.day,
    slotMinTime: data.edges.from,
    slotMaxTime: data.edges.to,
    slotHeight: options.phone ? SLOT.phone : SLOT.desk,
    resources: shown().map(one => ({ id: String(one.id), title: one.name })),
    events: events(),
    selectable: options.writes && !options.phone,
    eventStartEditable: options.writes && !options.phone,
    eventDurationEditable: options.writes && !options.phone,
  });
  // Whose a column is: a chair's is of who usually works in it.
  const ofColumn = id => (options.by === 'chair' ? column(id)?.professional : id);
  const began = () => {
    dragging = true;
  };
  const ended = () => {
    dragging = false;
    if (!waiting) return;
    const next = waiting;
    waiting = null;
    grid.show(...next);
  };

  function create() {
    const { lang } = document.documentElement;
    calendar = EventCalendar.create(el, {
      ...settings(),
      locale: lang,
      firstDay: 1,
      headerToolbar: { start: '', center: '', end: '' },
      allDaySlot: false,
      height: '100%',
      slotDuration: '00:30',
      snapDuration: '00:15',
      slotEventOverlap: false,
      nowIndicator: false,
      slotLabelFormat: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
      dayHeaderFormat: day =>
        `${day.toLocaleDateString(lang, { weekday: 'short' })} ${wall(day).slice(8, 10)}/${wall(day).slice(5, 7)}`,
      scrollTime: options.scroll,
      highlightedDates: [],
      pointer: false,
      unselectAuto: true,
      dragScroll: true,
      resourceLabelContent: label,
      eventContent: content,
      eventDidMount: mounted,
      eventClick: ({ event }) => {
        const x = event.extendedProps;
        if (x.kind === 'open') x.node.click();
        if (x.kind === 'visit' && x.opens) grid.onOpen(event.id);
      },
      dateClick: ({ date, resource }) => {
        if (options.writes) grid.onPick(wall(date), ofColumn(resource?.id ?? options.single));
      },
      select: ({ start, resource }) => {
        calendar.unselect();
        grid.onPick(wall(start), ofColumn(resource?.id ?? options.single));
      },
      eventDragStart: began,
      eventDragStop: ended,
      eventResizeStart: began,
      eventResizeStop: ended,
      eventDrop: info => {
        const { version, professional } = info.event.extendedProps,
          [to, from] = [info.event, info.oldEvent].map(one => one.resourceIds[0]);
        if (options.by === 'chair' && to !== from) {
          info.revert();
          grid.onRefuse(words.chairFixed);
          return;
        }
        const whose = one => (options.by === 'chair' ? professional : one);
        grid.onMove({
          id: info.event.id,
          version,
          start: wall(info.event.start),
          back: info.revert,
          professional: whose(to),
          who: info.event.title,
          was: { start: wall(info.oldEvent.start), professional: whose(from) },
        });
      },
      eventResize: info =>
        grid.onResize({
          id: info.event.id,
          version: info.event.extendedProps.version,
          end: wall(info.event.end),
          back: info.revert,
          who: info.event.title,
          was: { end: wall(info.oldEvent.end) },
        }),
    });
  }

  function reach() {
    const node = el.querySelector('.ec-event.sought');
    if (!node) return;
    found = options.sought;
    node.scrollIntoView({ block: 'center' });
  }

  const grid = {
    onOpen() {},
    onPick() {},
    onMove() {},
    onResize() {},
    onRefuse() {},
    get data() {
      return data;
    },
    // A thing never moves under the pointer: while something is dragged, what arrives waits.
    show(fresh, how) {
      if (dragging || (calendar && dl.held(el, () => !dragging && ended()))) {
        waiting = [fresh ?? waiting?.[0] ?? null, how];
        return;
      }
      data = fresh ?? data;
      options = { ...options, ...how };
      if (!data || !['day', 'week'].includes(options.view)) return;
      if (calendar) requestAnimationFrame(dl.keep(el, { scrolls: false }));
      if (!calendar) create();
      else {
        for (const [name, value] of Object.entries(settings())) {
          // an option set anew scrolls the grid
          if (name !== 'events' && applied[name] === JSON.stringify(value)) continue;
          calendar.setOption(name, value);
        }
      }
      applied = Object.fromEntries(
        Object.entries(settings())
          .filter(([name]) => name !== 'events')
          .map(([name, value]) => [name, JSON.stringify(value)]),
      );
      if (options.selected && options.selected !== seen)
        requestAnimationFrame(() => el.querySelector('.ec-event.sel')?.scrollIntoView({ block: 'nearest' }));
      seen = options.selected;
      if (options.sought !== found && data.first <= options.day && options.day <= data.last)
        requestAnimationFrame(reach);
    },
    tick() {
      if (calendar && data && !dragging) calendar.setOption('events', events());
    },
  };
  dl.grid = grid;
})();
