// One socket a page. A frame is {event, ids, at}: it says what changed, the page fetches its piece again.
// dl:<EVENT> for each frame; dl:reconnected after a gap, also between the page's making and its socket's opening:
// whatever is on screen is fetched again.
(() => {
  const sign = document.getElementById('live');
  if (!sign) return;
  const WAITS = [400, 1000, 2000, 4000, 8000, 15000],
    ENDED = [4401, 4403];
  let tries = 0,
    opened = false,
    lost = false,
    timer = 0,
    socket = null,
    seen = dl.hour();

  const say = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
  const show = () => {
    sign.classList.toggle('off', lost);
    sign.textContent = lost ? `${sign.dataset.off} · ${sign.dataset.seen} ${seen}` : sign.dataset.on;
    document.documentElement.classList.toggle('offline', lost);
  };
  const drop = () => {
    if (!lost) {
      lost = true;
      seen = dl.hour();
      show();
      say('dl:lost');
    }
  };
  const retry = () => {
    clearTimeout(timer);
    timer = setTimeout(open, WAITS[Math.min(tries++, WAITS.length - 1)] * (0.7 + Math.random() * 0.6));
  };
  function open() {
    clearTimeout(timer);
    if (socket && socket.readyState < WebSocket.CLOSING) return;
    const since = opened ? '' : `?since=${document.body.dataset.since}`;
    socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws/${since}`);
    socket.addEventListener('open', () => {
      const gap = lost || tries > 0;
      tries = 0;
      opened = true;
      lost = false;
      show();
      if (gap) say('dl:reconnected');
    });
    socket.addEventListener('message', e => {
      const frame = JSON.parse(e.data);
      if (frame.event) say(`dl:${frame.event}`, frame);
      if (frame.missed) say('dl:reconnected');
    });
    socket.addEventListener('close', e => {
      if (ENDED.includes(e.code)) {
        dl.over();
        return;
      }
      if (opened || tries > 1) drop();
      retry();
    });
  }
  // What is written while nobody hears would be lost in silence: it is refused until the socket is back.
  dl.live = {
    get lost() {
      return lost && opened;
    },
  };
  addEventListener('online', open);
  addEventListener('offline', () => {
    drop();
    if (socket) socket.close();
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && lost) {
      tries = 0;
      open();
    }
  });
  addEventListener('pagehide', () => {
    opened = false;
    if (socket) socket.close();
  });
  addEventListener('pageshow', e => {
    if (e.persisted) {
      tries = 1;
      open();
    }
  });
  open();
})();
