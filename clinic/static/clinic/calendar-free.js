/**
 * Free time: a click books from the time that was clicked, a drag over it takes it off. By keys, on a free gap: Enter books,
 * O takes time off, arrows say until when. Touch screens scroll instead.
 */

import { bounds, drawGhost, hideGhost, placeAt, root, say, scrollNear, sentence, snapped, step, wall, words } from "./calendar-grid.js";

const FAR = 6; // px before a press is a drag
const MIDNIGHT = 24 * 60;
const KEYS = { ArrowUp: -step, ArrowDown: step, PageUp: -60, PageDown: 60 };
let chosen = null; // {from: a place, until: minutes, drags}, and of a pointer {id, x, y}, of keys {link}

export function watchFreeTime() {
  root.addEventListener("pointerdown", down);
  root.addEventListener("click", click);
  root.addEventListener("keydown", key);
  root.addEventListener("focusout", () => chosen?.link && forget());
  addEventListener("pointermove", move);
  addEventListener("pointerup", up);
  addEventListener("pointercancel", forget);
  addEventListener("keydown", (event) => event.key === "Escape" && !chosen?.link && forget());
}

/** Whether nothing but free or closed time is there. */
function isFree(target) {
  return target.closest(".gap") !== null || target.matches("[data-column]");
}

function down(event) {
  forget();
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
  draw();
}

/** Draws the time that is chosen; returns how it is said. */
function draw() {
  const { from, until } = chosen;
  const end = words({ day: from.day, begin: until }, { dated: false });
  const label = `${sentence("Off")}: ${words(from, { dated: false })} – ${end}`;
  drawGhost(from, until - from.begin, label);
  return label;
}

function up(event) {
  if (!chosen?.drags || event.pointerId !== chosen.id) return;
  addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", stop, { capture: true }));
  take();
}

/** On to the form, which says what this hits before it is saved. */
function take() {
  const { from, until } = chosen;
  const query = new URLSearchParams({ first_day: from.day, first_time: wall(from.begin), last_day: from.day });
  if (until < MIDNIGHT) query.set("last_time", wall(until)); // without a time the last day is off as a whole
  forget();
  location.href = `${root.dataset.offUrl}?${query}`;
}

function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const link = event.target.closest(".gap a");
  if (!link) return;
  if (!chosen?.link) {
    if (event.key.toLowerCase() !== "o") return;
    event.preventDefault();
    const query = new URL(link.href).searchParams;
    const [hours, minutes] = query.get("time").split(":").map(Number);
    const from = { day: query.get("date"), begin: hours * 60 + minutes };
    chosen = { link, from, until: Math.min(from.begin + 60, bounds()[1]), drags: true };
    say(`${draw()}. ${sentence("OffKeys")}`);
  } else if (event.key === "Escape") {
    event.preventDefault();
    forget();
    say(sentence("OffLeft"));
  } else if (event.key === "Enter") {
    event.preventDefault();
    take();
  } else if (KEYS[event.key]) {
    event.preventDefault();
    change(KEYS[event.key], event.shiftKey);
    root.querySelector("[data-ghost]").scrollIntoView({ block: "nearest" });
  }
}

/** Moves the end of the time that is chosen, or its beginning; at least a step of it is left, inside what is shown. */
function change(by, isBeginning) {
  const [first, last] = bounds();
  const { from, until } = chosen;
  if (isBeginning) chosen.from = { ...from, begin: Math.max(first, Math.min(from.begin + by, until - step)) };
  else chosen.until = Math.min(last, Math.max(until + by, from.begin + step));
  say(draw());
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
  forget();
  if (event.detail === 0 || event.ctrlKey || event.metaKey || event.shiftKey || !isFree(event.target)) return;
  event.preventDefault();
  const { day, begin } = snapped(placeAt(event.clientX, event.clientY), step, Math.floor);
  location.href = `${root.dataset.bookUrl}?${new URLSearchParams({ date: day, time: wall(begin) })}`;
}
