// What the page lacks for those who do not see it.
() => {
  const shown = node => node.checkVisibility({ checkVisibilityCSS: true, checkOpacity: false });
  const text = node => (node.textContent || '').trim();
  const by = node => (node.getAttribute('aria-labelledby') || '').split(' ').map(id => document.getElementById(id)).map(one => one ? text(one) : '').join('');
  const label = node => [...(node.labels || [])].map(text).join('') || node.getAttribute('aria-label') || by(node) || node.title;
  const where = node => node.outerHTML.slice(0, 140);
  const wrong = [];
  for (const node of document.querySelectorAll('button, a[href], [role=button], [role=tab]')) {
    if (!shown(node)) continue;
    const drawn = [...node.querySelectorAll('[aria-label], img[alt]')].map(one => one.getAttribute('aria-label') || one.alt).join('');
    if (!(text(node) || node.getAttribute('aria-label') || by(node) || drawn)) wrong.push(`no name: ${where(node)}`);
  }
  for (const node of document.querySelectorAll('input:not([type=hidden]), select, textarea')) {
    if (shown(node) && !label(node)) wrong.push(`no label: ${where(node)}`);
  }
  for (const node of document.querySelectorAll('img:not([alt]), svg:not([aria-hidden]):not([role])')) wrong.push(`no text: ${where(node)}`);
  const ids = [...document.querySelectorAll('[id]')].map(node => node.id), twice = ids.filter((id, n) => ids.indexOf(id) !== n);
  if (twice.length) wrong.push(`ids twice: ${[...new Set(twice)]}`);
  for (const node of document.querySelectorAll('[aria-describedby], [aria-controls], [for], [popovertarget]')) {
    for (const name of ['aria-describedby', 'aria-controls', 'for', 'popovertarget']) {
      for (const id of (node.getAttribute(name) || '').split(' ').filter(Boolean)) if (!document.getElementById(id)) wrong.push(`${name} leads nowhere: ${where(node)}`);
    }
  }
  const headings = [...document.querySelectorAll('h1')].filter(node => node.checkVisibility());
  if (headings.length !== 1) wrong.push(`${headings.length} h1`);
  if (!document.documentElement.lang) wrong.push('no lang');
  if (!document.querySelector('main')) wrong.push('no main');
  if (!document.title.trim()) wrong.push('no title');
  if (document.documentElement.scrollWidth > innerWidth) wrong.push(`wider than the screen: ${document.documentElement.scrollWidth}`);
  for (const node of document.querySelectorAll('[style]')) if (node.getAttribute('style') === null) wrong.push(`style: ${where(node)}`);
  return wrong;
}
