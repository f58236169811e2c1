/**
 * Makes one tree of elements like a fresh one, in place: what is the same element stays it, with its focus, its scroll
 * position, an opened `<details>` and what somebody is typing.
 *
 * Children are matched by `data-key` or `id`, the others by their order among their kind.
 */

const KEPT = new Set(["open", "data-changed"]); // of the reader, and of the page itself

/** Changes `shown` into `fresh`. */
export function patch(shown, fresh) {
  if (shown.isEqualNode(fresh)) return;
  attributes(shown, fresh);
  if (isField(shown)) return;
  children(shown, fresh);
}

function attributes(shown, fresh) {
  const dirty = isField(shown) && isTouched(shown);
  for (const { name } of [...shown.attributes]) {
    if (!fresh.hasAttribute(name) && !KEPT.has(name)) shown.removeAttribute(name);
  }
  for (const { name, value } of [...fresh.attributes]) {
    if (KEPT.has(name) || shown.getAttribute(name) === value) continue;
    if (dirty && (name === "value" || name === "checked")) continue;
    shown.setAttribute(name, value);
  }
}

function isField(node) {
  return node.nodeType === Node.ELEMENT_NODE && node.matches("input, textarea, select");
}

/** Whether somebody has put something into a field, or is about to. */
function isTouched(field) {
  if (field === document.activeElement) return true;
  if (field.matches("select")) return [...field.options].some((one) => one.selected !== one.defaultSelected);
  return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
}

function keyOf(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.dataset.key || node.id || null : null;
}

function kindOf(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.localName : node.nodeType;
}

/** Space between elements: it stays where it is, for it is the layout that sets them apart. */
function isBlank(node) {
  return node.nodeType === Node.TEXT_NODE && !node.data.trim();
}

function children(shown, fresh) {
  const keyed = new Map();
  const rest = new Map();
  for (const child of shown.childNodes) {
    const key = keyOf(child);
    if (key !== null) keyed.set(key, child);
    else if (!isBlank(child)) rest.set(kindOf(child), [...(rest.get(kindOf(child)) ?? []), child]);
  }
  const wanted = [];
  for (const child of fresh.childNodes) {
    if (isBlank(child)) continue;
    const key = keyOf(child);
    const known = key !== null ? keyed.get(key) : rest.get(kindOf(child))?.shift();
    if (known && kindOf(known) === kindOf(child)) {
      if (known.nodeType === Node.ELEMENT_NODE) patch(known, child);
      else if (known.data !== child.data) known.data = child.data;
      wanted.push(known);
    } else {
      wanted.push(document.importNode(child, true));
    }
  }
  const staying = new Set(wanted);
  for (const child of [...shown.childNodes]) if (!staying.has(child) && !isBlank(child)) leave(child);
  arrange(shown, wanted);
}

/** Puts the children into order. What is focused is never moved, for that would take its focus away: others are. */
function arrange(shown, wanted) {
  let place = next(shown.firstChild);
  for (const node of wanted) {
    if (node.parentNode === shown && node.contains(document.activeElement)) {
      while (place !== node) {
        const aside = place;
        place = next(place.nextSibling);
        shown.append(aside);
      }
    }
    if (node === place) place = next(place.nextSibling);
    else shown.insertBefore(node, place);
  }
}

function next(node) {
  while (node !== null && isBlank(node)) node = node.nextSibling;
  return node;
}

/** Takes an element away; a focus in it goes on to what stands next to it instead of to the top of the page. */
function leave(node) {
  if (node.nodeType === Node.ELEMENT_NODE && node.contains(document.activeElement)) {
    const near = [node.nextElementSibling, node.previousElementSibling, node.closest("[tabindex], main")];
    const target = near
      .map((one) => (one?.matches("[tabindex], a[href], button:enabled") ? one : one?.querySelector("a[href], button")))
      .find(Boolean);
    node.remove();
    (target ?? document.querySelector("main"))?.focus({ preventScroll: true });
    return;
  }
  node.remove();
}
