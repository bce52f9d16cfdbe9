// Ajustes: the week's rows, what a choice shows, an address to copy, and the first fault in focus.
(() => {
  document.querySelector('.set [aria-invalid=true]')?.focus();

  const rows = day => day.querySelector('[data-rows]');
  const fields = row => [...row.querySelectorAll('input')];
  function blank(row) {
    const fresh = row.cloneNode(true);
    for (const field of fields(fresh)) {
      field.value = '';
      field.removeAttribute('aria-invalid');
    }
    for (const fault of fresh.querySelectorAll('.err')) fault.remove();
    return fresh;
  }
  function name(day) {
    const label = day.querySelector('.wk-o span').textContent;
    [...rows(day).children].forEach((row, at) =>
      row.setAttribute('aria-label', `${label}, ${day.closest('[data-week]').dataset.row} ${at + 1}`));
  }
  function add(day) {
    const last = rows(day).lastElementChild;
    day.querySelector('.wk-o input').checked = true;
    if (fields(last).some(field => field.value.trim())) {
      rows(day).append(blank(last));
      name(day);
    }
    fields(rows(day).lastElementChild)[0].focus();
  }
  function drop(row) {
    const day = row.closest('.wk-d'), near = row.nextElementSibling ?? row.previousElementSibling;
    if (near) row.remove();
    else row.replaceWith(blank(row));
    name(day);
    fields(near ?? rows(day).lastElementChild)[0].focus();
  }
  function copy(from) {
    for (const day of from.parentElement.querySelectorAll('.wk-d')) {
      if (day === from || Number(day.dataset.day) > 4) continue;
      day.querySelector('.wk-o input').checked = from.querySelector('.wk-o input').checked;
      rows(day).replaceChildren(...[...rows(from).children].map(row => {
        const same = blank(row);
        fields(same).forEach((field, at) => {
          field.name = field.name.replace(/\d/, day.dataset.day);
          field.value = fields(row)[at].value;
        });
        return same;
      }));
      name(day);
    }
  }
  document.addEventListener('click', e => {
    const button = e.target.closest('[data-add-row], [data-drop-row], [data-copy-day], [data-copy]');
    if (!button) return;
    const day = button.closest('.wk-d');
    if (button.matches('[data-add-row]')) add(day);
    if (button.matches('[data-drop-row]')) drop(button.closest('.wk-r'));
    if (button.matches('[data-copy-day]')) copy(day);
    if (button.matches('[data-copy]')) take(button);
  });
  async function take(button) {
    const field = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(field.value);
      dl.toast(button.dataset.done);
    } catch {
      field.select(); // no clipboard without https: it is marked, to be copied by hand
    }
  }

  // A choice that opens what depends on it: data-shows="id" on the option that does.
  function follow(choice) {
    for (const other of document.querySelectorAll(`[name="${choice.name}"][data-shows]`))
      document.getElementById(other.dataset.shows).hidden = !other.checked;
  }
  document.addEventListener('change', e => {
    if (e.target.matches('[type=radio]')) follow(e.target);
  });
  for (const choice of document.querySelectorAll('[data-shows]')) follow(choice);
})();
