// A form that leaves the page is sent once: its button keeps its width, says that it works, and wakes on coming back.
document.addEventListener('submit', e => {
  if (!e.target.matches('form[data-once]')) return;
  if (dl.live?.lost) {  // typed text stays, and the place says why
    e.preventDefault();
    dl.fault(e.target, dl.word.offline);
    return;
  }
  const button = e.submitter ?? e.target.querySelector('[type=submit]');
  if (!button || button.getAttribute('aria-busy')) { e.preventDefault(); return; }
  button.style.width = `${button.offsetWidth}px`;
  button.setAttribute('aria-busy', 'true');
  button.dataset.was = button.innerHTML;
  button.textContent = dl.word.saving;
});
addEventListener('pageshow', () => {
  for (const button of document.querySelectorAll('form[data-once] [aria-busy]')) {
    button.removeAttribute('aria-busy');
    button.style.width = '';
    button.innerHTML = button.dataset.was;
  }
});
