// Runs before the first paint: the theme the person chose, or the system's; and nobody is faster than the page.
(() => {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const chosen = () => localStorage.getItem('dl-theme') || 'auto';
  const apply = () => {
    const theme = chosen() === 'auto' ? (dark.matches ? 'dark' : 'light') : chosen();
    document.documentElement.dataset.bsTheme = theme;
  };
  window.dl = {
    theme: {
      chosen,
      choose(theme) {
        localStorage.setItem('dl-theme', theme);
        apply();
      },
    },
  };
  dark.addEventListener('change', apply);
  apply();

  // What is pressed before the other scripts listen, on a slow line or by a quick hand, is pressed again when they do.
  const early = [],
    keep = e => {
      if (e.type === 'keydown') {
        if (!e.target.closest('input, textarea, select')) early.push(() => e.target.dispatchEvent(new KeyboardEvent(e.type, e)));
        return;
      }
      const button = e.target.closest('button[type=button]:not([popovertarget])');
      if (button) early.push(() => button.click());
    };
  for (const type of ['click', 'keydown']) document.addEventListener(type, keep, true);
  document.addEventListener('DOMContentLoaded', () => {
    for (const type of ['click', 'keydown']) document.removeEventListener(type, keep, true);
    setTimeout(() => early.forEach(again => again()));
  });
})();
