/**
 * The calendar's grid: from a point of the window to a place and back. A place is `{day, begin}`: a date and minutes of the
 * clinic's wall clock since midnight, as the columns say them; no instant is worked out here.
 */

const HOUR = 60;
const EDGE = 72; // px at the window's edges in which a drag scrolls

export const root = document.querySelector("[data-calendar]");
export const step = Number(root?.dataset.step);

/** A translated sentence of the page, with `{name}` replaced. */
export function sentence(name, values = {}) {
  return root.dataset[`say${name}`].replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

/** Says it politely; only the latest counts. */
export function say(words) {
  root.querySelector("[data-calendar-status]").textContent = words;
}

/** The columns that are shown, in order: on a phone one of the week. */
export function columns() {
  return [...root.querySelectorAll("[data-column]")].filter((one) => one.offsetParent !== null);
}

export function columnOf(day) {
  return root.querySelector(`[data-column="${day}"]`);
}

/** The minutes of the first row and the end of the last. */
export function bounds() {
  return root.querySelector("[data-window]").dataset.window.split("-").map(Number);
}

/** The place under a point, not on any grid yet. Beside the columns the nearest one counts. */
export function placeAt(x, y) {
  const away = (box) => Math.max(box.left - x, x - box.right, 0);
  const column = columns().reduce((best, one) =>
    away(one.getBoundingClientRect()) < away(best.getBoundingClientRect()) ? one : best,
  );
  const box = column.getBoundingClientRect();
  const [first, last] = bounds();
  return { day: column.dataset.column, begin: first + ((y - box.top) / box.height) * (last - first) };
}

/** The nearest place on the grid of the hours that it lies in (visits begin there), inside what is shown. */
export function snapped({ day, begin }, minutes = step, round = Math.round) {
  const [first, last] = bounds();
  const opening = openings(day).find(([from, until]) => begin >= from - step / 2 && begin < until)?.[0] ?? 0;
  const on = opening + round((begin - opening) / step) * step;
  return { day, begin: Math.max(first, Math.min(on, last - minutes)) };
}

function openings(day) {
  const said = columnOf(day)?.dataset.open ?? "";
  return said.split(" ").filter(Boolean).map((one) => one.split("-").map(Number));
}

/** The place one step, hour or day on; the same where there is nothing further. */
export function beside({ day, begin }, minutes, { by = 0, days = 0 }) {
  const shown = columns().map((one) => one.dataset.column);
  const index = Math.max(0, Math.min(shown.indexOf(day) + days, shown.length - 1));
  const [first, last] = bounds();
  return { day: shown[index], begin: Math.max(first, Math.min(begin + by, last - minutes)) };
}

export function same(one, other) {
  return one.day === other.day && one.begin === other.begin;
}

/** `09:30`, as addresses and the API say it. */
export function wall(begin) {
  const minutes = Math.min(begin, 24 * HOUR - 1);
  return `${String(Math.floor(minutes / HOUR)).padStart(2, "0")}:${String(minutes % HOUR).padStart(2, "0")}`;
}

/** A place in the reader's language; without its date where that is plain. */
export function words({ day, begin }, { dated = true, short = false } = {}) {
  const options = { hour: "numeric", minute: "2-digit", timeZone: "UTC" };
  const style = short ? "short" : "long";
  if (dated) Object.assign(options, { weekday: style, day: "numeric", month: style });
  const shown = new Date(`${day}T00:00:00Z`);
  shown.setUTCMinutes(begin);
  return new Intl.DateTimeFormat(document.documentElement.lang, options).format(shown);
}

/** Draws the one ghost over the grid; it stands outside what is patched. */
export function drawGhost({ day, begin }, minutes, label) {
  const ghost = root.querySelector("[data-ghost]");
  const column = columnOf(day)?.getBoundingClientRect();
  if (!column) return hideGhost();
  const frame = root.getBoundingClientRect();
  const [first, last] = bounds();
  const each = column.height / (last - first);
  ghost.style.left = `${column.left - frame.left + 3}px`;
  ghost.style.top = `${column.top - frame.top + (begin - first) * each}px`;
  ghost.style.width = `${column.width - 6}px`;
  ghost.style.height = `${minutes * each}px`;
  ghost.textContent = label;
  ghost.hidden = false;
}

export function hideGhost() {
  root.querySelector("[data-ghost]").hidden = true;
}

/** Brings what is dragged to the window's edge further into view. */
export function scrollNear(y) {
  if (y < EDGE) scrollBy(0, (y - EDGE) / 4);
  else if (y > innerHeight - EDGE) scrollBy(0, (y - innerHeight + EDGE) / 4);
}
