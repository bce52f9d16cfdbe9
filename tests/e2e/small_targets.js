// Controls outside running text that a finger misses.
() => [...document.querySelectorAll('button, a[href], select, input:not([type=hidden]):not([type=radio]):not([type=checkbox])')]
  .filter(node => node.checkVisibility({ checkVisibilityCSS: true }) && getComputedStyle(node).position !== 'absolute')
  .filter(node => !node.closest('.sr, .skip, p, h2, dd, td, .ec, .kv, .entry, [hidden]'))
  .map(node => [node, (node.closest('label') ?? node).getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && box.height > 1 && box.height < 40)
  .map(([node, box]) => `${Math.round(box.height)} px: ${node.outerHTML.slice(0, 110)}`)
