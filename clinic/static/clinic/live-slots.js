/**
 * The free times of a day, live. A time that somebody else takes keeps its place, greyed, and says so; it comes back when
 * it is freed. When a dentist's hours change, the day is drawn anew. Times that come too near go by themselves.
 *
 * Which of it happened is told by what the server shows, whatever news led there and in whatever order: the times carry a
 * mark (`data-hours`) of all that decides about them but what is taken.
 */

import { announce, text } from "./announce.js";
import { LivePage, live } from "./live-page.js";
import { at, now } from "./server-clock.js";

const region = document.querySelector('[data-live="times"]');
let cancelTimer = () => {};

// Of all dentists together there is more news than of one.
const isAnybody = !region?.querySelector("[data-slots]").dataset.dentist;
const page = new LivePage({ every: isAnybody ? 1_000 : 250, url: sameDay, before: keepTaken, after: () => (cancelTimer(), dropPast()) });

if (region) {
  const changed = () => page.refresh();
  live().availability(grid().dataset.dentist || null, { changed, refetch: changed });
  // Pressing a greyed time does nothing but say why; it stays focusable, so that nobody loses their place.
  region.addEventListener("click", (event) => {
    const taken = event.target.closest('.slot[aria-disabled="true"]');
    if (!taken) return;
    event.preventDefault();
    announce(text("takenOne", { times: label(taken) }));
  });
  dropPast();
}

/** An address without a day means the first free one, which may be another by now: the day that is open stays open. */
function sameDay() {
  const url = new URL(location.href);
  url.searchParams.set("day", grid().dataset.day);
  return url;
}

function grid(root = region) {
  return root.querySelector("[data-slots]");
}

function slots(root) {
  return [...root.querySelectorAll("[data-slot]")];
}

function label(slot) {
  return slot.querySelector("time").textContent.trim();
}

function isGreyed(item) {
  return item.querySelector('[aria-disabled="true"]') !== null;
}

/** Puts into the fresh grid, at its place and greyed, what the shown one has and the server no longer offers. */
function keepTaken(shown, fresh) {
  const redraw = grid(shown).dataset.hours !== grid(fresh).dataset.hours;
  const offered = new Map(slots(fresh).map((item) => [item.dataset.key, item]));
  const taken = [];
  const freed = [];
  let gone = 0;
  for (const item of slots(shown)) {
    const again = offered.get(item.dataset.key);
    if (again) {
      if (isGreyed(item)) freed.push(label(item));
    } else if (isDue(item)) continue;
    else if (redraw) gone += 1;
    else {
      if (!isGreyed(item)) taken.push(label(item));
      place(shown, fresh, greyed(item));
    }
    offered.delete(item.dataset.key);
  }
  if (redraw && (gone || offered.size)) announce(text("redrawn"));
  say("taken", taken);
  say("freed", freed);
}

function say(what, times) {
  if (!times.length) return;
  const list = new Intl.ListFormat(document.documentElement.lang).format(times);
  announce(text(what + (times.length === 1 ? "One" : "More"), { times: list }));
}

function greyed(item) {
  const copy = document.importNode(item, true);
  const button = copy.querySelector(".slot");
  button.type = "button";
  button.dataset.state = "taken";
  button.setAttribute("aria-disabled", "true");
  let word = button.querySelector("small");
  word ??= button.appendChild(document.createElement("small"));
  word.textContent = text("justTaken");
  return copy;
}

function place(shown, fresh, item) {
  let form = fresh.querySelector("form.parts");
  if (!form) {
    // Nothing is free any more: the form stays for what was.
    form = shown.querySelector("form.parts").cloneNode(true);
    form.querySelectorAll("[data-part]").forEach((part) => part.remove());
    fresh.querySelector("[data-slots] h3").after(form);
  }
  const part = partFor(shown, form, item.dataset.part);
  const list = part.querySelector(".slots");
  const next = slots(list).find((other) => Number(other.dataset.key) > Number(item.dataset.key));
  list.insertBefore(item, next ?? null);
}

function partFor(shown, form, name) {
  const known = form.querySelector(`[data-part="${name}"].part`);
  if (known) return known;
  const part = shown.querySelector(`[data-part="${name}"].part`).cloneNode(true);
  part.querySelector(".slots").replaceChildren();
  const order = ["morning", "afternoon", "evening"];
  const later = [...form.querySelectorAll(".part")].find(
    (other) => order.indexOf(other.dataset.part) > order.indexOf(name),
  );
  form.insertBefore(part, later ?? null);
  return part;
}

/** The instant, by the server's clock in ms, from which a time can be booked no more. */
function deadline(item) {
  return Number(item.dataset.key) * 1000 - Number(grid().dataset.notice ?? 0) * 1000;
}

function isDue(item) {
  return deadline(item) <= now();
}

/** Takes away what is too near by now, and comes again for the next one. */
function dropPast() {
  const due = slots(region).filter(isDue);
  for (const item of due) {
    if (item.contains(document.activeElement)) item.nextElementSibling?.querySelector("button")?.focus();
    const part = item.closest(".part");
    item.remove();
    if (!slots(part).length) part.remove();
  }
  const [next] = slots(region);
  if (next) cancelTimer = at(new Date(deadline(next)).toISOString(), dropPast);
  else if (due.length) page.refresh();
}
