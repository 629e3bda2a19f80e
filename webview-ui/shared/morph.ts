/**
 * Makes `current` equal to `next` with as few changes as possible, so that focus, scroll, selection, open details and
 * drawn charts survive a new rendering. Children are matched by position and kind.
 *
 * Two things belong to the page and are left alone once made: whether a `<details>` is open, and what is inside an
 * element marked `data-keep` (a chart).
 */
export function morph(current: Element, next: Element): void {
  morphAttributes(current, next);
  if (!current.hasAttribute('data-keep')) morphChildren(current, next);
  if (
    current instanceof HTMLSelectElement &&
    next instanceof HTMLSelectElement &&
    current.value !== next.value
  ) {
    current.value = next.value;
  }
  if (current instanceof HTMLInputElement) current.checked = current.hasAttribute('checked');
}

function morphAttributes(current: Element, next: Element): void {
  for (const { name } of Array.from(current.attributes)) {
    if (!next.hasAttribute(name) && !isOwnedByPage(current, name)) current.removeAttribute(name);
  }
  for (const { name, value } of Array.from(next.attributes)) {
    if (current.getAttribute(name) !== value && !isOwnedByPage(current, name))
      current.setAttribute(name, value);
  }
}

function isOwnedByPage(element: Element, attribute: string): boolean {
  return attribute === 'open' && element instanceof HTMLDetailsElement;
}

function morphChildren(current: Element, next: Element): void {
  const wanted = Array.from(next.childNodes);
  wanted.forEach((child, index) => {
    const existing = current.childNodes[index];
    if (existing === undefined) current.append(child);
    else if (!isSameKind(existing, child)) existing.replaceWith(child);
    else if (existing instanceof Element && child instanceof Element) morph(existing, child);
    else if (existing.nodeValue !== child.nodeValue) existing.nodeValue = child.nodeValue;
  });
  while (current.childNodes.length > wanted.length) current.lastChild?.remove();
}

function isSameKind(a: Node, b: Node): boolean {
  if (a.nodeType !== b.nodeType || a.nodeName !== b.nodeName) return false;
  return !(a instanceof Element && b instanceof Element) || keyOf(a) === keyOf(b);
}

function keyOf(element: Element): string {
  return element.getAttribute('data-key') ?? element.id;
}
