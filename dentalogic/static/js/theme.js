// Runs before the first paint: the theme the person chose, or the system's.
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
})();
