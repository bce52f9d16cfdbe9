// Adds the count up while it is typed. Only what it shows: the server adds again and decides.
(() => {
  document.addEventListener('click', e => { if (e.target.closest('[data-print]')) print(); });
  const form = document.querySelector('form[data-count]');
  if (!form) return;
  const fields = [...form.querySelectorAll('.den input')], why = form.querySelector('[data-why]');
  const reason = form.querySelector('#why'), fault = form.querySelector('#why-e');
  const cents = text => {
    const plain = text.trim().replace(/^\$/, '').replace(/\s/g, '');
    if (!/^(\d{1,3}(\.\d{3})+|\d+)(,\d{1,2})?$/.test(plain)) return 0;
    return Math.round(Number(plain.replace(/\./g, '').replace(',', '.')) * 100);
  };
  const peso = n => `${n < 0 ? '−\u00a0' : ''}$\u00a0${(Math.abs(n) / 100).toLocaleString('es-AR', { minimumFractionDigits: 2 })}`;
  function add() {
    const expected = Math.round(Number(document.getElementById('expected').dataset.expected) * 100);
    let counted = 0, typed = false;
    for (const field of fields) {
      typed = typed || field.value.trim() !== '';
      const worth = cents(field.value) * Number(field.dataset.value);
      counted += worth;
      field.nextElementSibling.textContent = peso(worth);
    }
    const difference = counted - expected, shown = form.querySelector('[data-diff]');
    form.querySelector('[data-counted]').textContent = typed ? peso(counted) : '—';
    shown.textContent = typed ? peso(difference) : '—';
    shown.classList.toggle('neg', typed && difference !== 0);
    why.hidden = !typed || difference === 0;
    const missing = !why.hidden && !reason.value.trim();
    fault.hidden = !missing;
    reason.classList.toggle('is-invalid', missing);
    fault.querySelector('span').textContent =
      (difference < 0 ? fault.dataset.less : fault.dataset.more).replace('{}', peso(Math.abs(difference)));
  }
  form.addEventListener('input', add);
  document.addEventListener('htmx:oobAfterSwap', add);
  if (fields.some(field => field.value.trim())) add();
})();
