/**
 * Moving a visit: by dragging its block (after a long press on a touch screen), or with the keys: M begins, arrows change
 * time and day, Enter moves, Escape leaves it. The server decides; what it refuses stays where it was, and says why.
 */

import { answer, clearAnswer } from "./calendar-answer.js";
import {
  beside, columns, drawGhost, hideGhost, placeAt, root, same, say, scrollNear, sentence, snapped, step, wall, words,
} from "./calendar-grid.js";
import { onPatched, refresh } from "./calendar-live.js";

const FAR = 6; // px before a press is a drag
const PRESS = 400; // ms of a long press
const KEYS = {
  ArrowUp: { by: -step }, ArrowDown: { by: step }, PageUp: { by: -60 }, PageDown: { by: 60 },
  ArrowLeft: { days: -1 }, ArrowRight: { days: 1 },
};

let press = null; // a pointer is down on a block, and nothing is decided yet
let moving = null; // a visit on its way: {visit, name, minutes, from, to, grab, keys}
let sending = false;

export function watchMoves() {
  root.addEventListener("pointerdown", down);
  root.addEventListener("keydown", key);
  addEventListener("pointermove", move);
  addEventListener("pointerup", up);
  addEventListener("pointercancel", () => (dropPress(), moving && !moving.keys && leave()));
  // While a finger drags, the page must not scroll; a passive listener could not say so.
  root.addEventListener("touchmove", (event) => moving && event.preventDefault(), { passive: false });
  root.addEventListener("contextmenu", (event) => (press?.touch || (moving && !moving.keys)) && event.preventDefault());
  root.addEventListener("focusout", (event) => moving?.keys && !sending && event.relatedTarget && leave());
  onPatched(patched);
}

function blockOf(visit) {
  return root.querySelector(`[data-visit="${CSS.escape(visit)}"]`);
}

function placeOf(block) {
  return { day: block.closest("[data-column]").dataset.column, begin: Number(block.dataset.begin) };
}

function begin(block, extra) {
  clearAnswer();
  const { visit, name, minutes } = block.dataset;
  const from = placeOf(block);
  moving = { visit, name, minutes: Number(minutes), from, to: from, outside: "outside" in block.dataset, ...extra };
  block.classList.add("is-moving");
  draw();
}

function draw() {
  drawGhost(moving.to, moving.minutes, `${words(moving.to, { dated: false })} ${moving.name}`);
}

function down(event) {
  const block = event.target.closest("[data-movable]");
  if (!block || event.button !== 0 || !event.isPrimary || moving || sending) return;
  const box = block.getBoundingClientRect();
  const touch = event.pointerType === "touch";
  press = { block, touch, id: event.pointerId, x: event.clientX, y: event.clientY, grab: event.clientY - box.top };
  if (touch) press.timer = setTimeout(lift, PRESS);
}

/** The press has become a drag. */
function lift() {
  const { block, grab, id } = press;
  dropPress();
  if (!block.isConnected) return;
  begin(block, { grab, keys: false });
  root.setPointerCapture?.(id);
  root.dataset.dragging = "";
  addEventListener("click", stop, { capture: true, once: true });
}

function dropPress() {
  clearTimeout(press?.timer);
  press = null;
}

/** The click that ends a drag opens nothing. */
function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}

function move(event) {
  if (press && event.pointerId === press.id) {
    const far = Math.hypot(event.clientX - press.x, event.clientY - press.y) > FAR;
    if (far && press.touch) return dropPress(); // a swipe: the page scrolls
    if (far) lift();
  }
  if (!moving || moving.keys) return;
  scrollNear(event.clientY);
  moving.to = snapped(placeAt(event.clientX, event.clientY - moving.grab), moving.minutes);
  draw();
}

function up() {
  dropPress();
  // Where no click follows, nothing may be left that would swallow the next one.
  setTimeout(() => removeEventListener("click", stop, { capture: true }));
  if (moving && !moving.keys) finish();
}

function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (!moving) {
    const block = event.target.closest("[data-movable]");
    if (!block || event.key.toLowerCase() !== "m" || sending) return;
    event.preventDefault();
    begin(block, { keys: true });
    say(sentence("Start", { name: moving.name, when: words(moving.from) }));
  } else if (event.key === "Escape") {
    event.preventDefault();
    leave();
  } else if (moving.keys && event.key === "Enter") {
    event.preventDefault();
    finish();
  } else if (moving.keys && KEYS[event.key]) {
    event.preventDefault();
    moving.to = beside(moving.to, moving.minutes, KEYS[event.key]);
    draw();
    root.querySelector("[data-ghost]").scrollIntoView({ block: "nearest" });
    say(words(moving.to));
  }
}

function leave() {
  say(sentence("Left", { name: moving.name }));
  settle();
}

/** Everything stands where the server says again. */
function settle() {
  if (moving) blockOf(moving.visit)?.classList.remove("is-moving");
  moving = null;
  delete root.dataset.dragging;
  hideGhost();
}

/** The grid was drawn anew: what is on its way stays on its way, unless it is not there any more or stands elsewhere. */
function patched() {
  if (!moving || sending) return;
  const block = blockOf(moving.visit);
  if (!block?.matches("[data-movable]") || !same(placeOf(block), moving.from)) {
    const gone = sentence("Gone", { name: moving.name });
    settle();
    return answer("told", gone, []);
  }
  block.classList.add("is-moving");
  if (!columns().some((one) => one.dataset.column === moving.to.day)) moving.to = moving.from;
  draw();
}

async function finish() {
  const { visit, name, from, to, outside } = moving;
  if (same(from, to)) return leave();
  await send({ visit, name, from, to, outside: false, back: outside });
}

/** Asks the server to move it. `back` is whether the way back leads outside the hours. */
async function send({ visit, name, from, to, outside, back, undone = false }) {
  sending = true;
  const refused = await ask(visit, to, outside);
  if (refused === null) await refresh();
  sending = false;
  if (refused === null) {
    settle();
    const when = words(to);
    const undo = { label: sentence("Undo"), act: () => send({ visit, name, from: to, to: from, outside: back, undone: true }) };
    blockOf(visit)?.querySelector("a").focus({ preventScroll: true });
    return answer("done", sentence(undone ? "Back" : "Moved", { name, when }), undone ? [] : [undo]);
  }
  settle();
  refresh();
  const again = (place, knowingly) => send({ visit, name, from, to: place, outside: knowingly, back });
  const label = (place) => words(place, { dated: place.day !== to.day, short: true });
  const near = refused.near.filter((place) => !same(place, from));
  const choices = near.map((place) => ({ label: label(place), act: () => again(place, false) }));
  if (refused.anyway) choices.push({ label: sentence("Anyway"), act: () => again(to, true) });
  const offered = near.length ? ` ${sentence("Near")}` : "";
  answer("refused", `${refused.message}${offered}`, choices, blockOf(visit)?.querySelector("a"));
}

const OUTSIDE = ["outside_hours", "time_off", "too_soon", "too_far_ahead", "in_the_past"];

/** Null when it is moved, else why not and what is free near it. */
async function ask(visit, to, outside) {
  const body = { appointment_date: to.day, appointment_time: wall(to.begin), outside_rules: outside };
  const token = root.querySelector("[data-calendar-token] input").value;
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  try {
    const sent = { method: "POST", headers, body: JSON.stringify(body) };
    const said = await fetch(`/api/appointments/${visit}/reschedule`, sent);
    if (said.ok) return null;
    const { error } = await said.json();
    const near = (error.alternatives ?? []).map((one) => ({
      day: one.start.slice(0, 10),
      begin: Number(one.start.slice(11, 13)) * 60 + Number(one.start.slice(14, 16)),
    }));
    return { message: error.message, near, anyway: OUTSIDE.includes(error.code) };
  } catch {
    return { message: sentence("Failed"), near: [], anyway: false };
  }
}
