// The doors: show the password, say what is missing before sending, work once for one click.
(() => {
  document.addEventListener('click', e => {
    const eye = e.target.closest('[data-eye]');
    if (!eye) return;
    const field = document.getElementById(eye.dataset.eye),
      show = field.type === 'password';
    field.type = show ? 'text' : 'password';
    eye.setAttribute('aria-pressed', String(show));
  });
  const judge = field => {
    const error = field.closest('div:has(> [data-error])')?.querySelector('[data-error]');
    const wrong = !field.checkValidity();
    field.classList.toggle('is-invalid', wrong);
    field.setAttribute('aria-invalid', String(wrong));
    if (error) error.hidden = !wrong;
    return !wrong;
  };
  const form = document.querySelector('form[data-check]');
  form?.addEventListener('focusout', e => {
    if (e.target.matches('[required]') && e.target.value) judge(e.target);
  });
  // An error goes while one types, not on leaving: what stands below it would move from under a button being pressed.
  form?.addEventListener('input', e => {
    if (e.target.getAttribute('aria-invalid') === 'true' && e.target.checkValidity()) judge(e.target);
  });
  form?.addEventListener('submit', e => {
    const wrong = [...form.querySelectorAll('[required]')].filter(field => !judge(field));
    if (wrong.length) {
      e.preventDefault();
      wrong[0].focus();
      return;
    }
    for (const button of form.querySelectorAll('[type=submit]')) {
      button.setAttribute('aria-busy', 'true');
      setTimeout(() => { button.disabled = true; });  // not before the form has taken the button's own address
    }
  });
  document.addEventListener('click', e => { if (e.target.closest('[data-print]')) print(); });
})();
