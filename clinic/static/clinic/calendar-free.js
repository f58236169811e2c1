/** Free time: a click books from the time that was clicked, a drag over it takes it off. Touch screens scroll instead. */

import { drawGhost, hideGhost, placeAt, root, scrollNear, sentence, snapped, step, wall, words } from "./calendar-grid.js";

const FAR = 6; // px before a press is a drag
let chosen = null; // {id, x, y, from, until, drags}

export function watchFreeTime() {
  root.addEventListener("pointerdown", down);
  root.addEventListener("click", click);
  addEventListener("pointermove", move);
  addEventListener("pointerup", up);
  addEventListener("pointercancel", forget);
  addEventListener("keydown", (event) => event.key === "Escape" && forget());
}

/** Whether nothing but free or closed time is there. */
function isFree(target) {
  return target.closest(".gap") !== null || target.matches("[data-column]");
}

function down(event) {
  if (!isFree(event.target) || event.button !== 0 || event.pointerType === "touch") return;
  const from = snapped(placeAt(event.clientX, event.clientY), step, Math.floor);
  chosen = { id: event.pointerId, x: event.clientX, y: event.clientY, from, until: from.begin + step, drags: false };
}

function move(event) {
  if (!chosen || event.pointerId !== chosen.id) return;
  if (!chosen.drags && Math.abs(event.clientY - chosen.y) <= FAR) return;
  chosen.drags = true;
  scrollNear(event.clientY);
  const { begin } = snapped({ ...placeAt(chosen.x, event.clientY) }, 0);
  chosen.until = Math.max(begin, chosen.from.begin + step);
  const end = words({ day: chosen.from.day, begin: chosen.until }, { dated: false });
  const label = `${sentence("Off")}: ${words(chosen.from, { dated: false })} – ${end}`;
  drawGhost(chosen.from, chosen.until - chosen.from.begin, label);
}

function up(event) {
  if (!chosen?.drags || event.pointerId !== chosen.id) return;
  const { from, until } = chosen;
  const midnight = until >= 24 * 60;
  const query = new URLSearchParams({ first_day: from.day, first_time: wall(from.begin), last_day: from.day });
  if (!midnight) query.set("last_time", wall(until)); // without a time the last day is off as a whole
  addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", stop, { capture: true }));
  forget();
  location.href = `${root.dataset.offUrl}?${query}`;
}

function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}

function forget() {
  if (chosen?.drags) hideGhost();
  chosen = null;
}

/** A key on a gap follows its link; a click means the time under the pointer. */
function click(event) {
  chosen = null;
  if (event.detail === 0 || event.ctrlKey || event.metaKey || event.shiftKey || !isFree(event.target)) return;
  event.preventDefault();
  const { day, begin } = snapped(placeAt(event.clientX, event.clientY), step, Math.floor);
  location.href = `${root.dataset.bookUrl}?${new URLSearchParams({ date: day, time: wall(begin) })}`;
}
