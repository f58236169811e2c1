/** The next free time on each dentist's card, live; and the cards themselves, when a dentist comes, leaves or is renamed. */

import { LivePage, live } from "./live-page.js";
import { searching, tellResults } from "./search.js";
import { at } from "./server-clock.js";

const region = document.querySelector('[data-live="cards"]');
const EVERY = 1_500; // ms: everybody who looks for a dentist has this page open
let cancelTimer = () => {};
let planned = null;
let last = -Infinity;
// Whoever searches sees the answer at once; for news the page asks only when they concern it, and not too often.
const page = new LivePage({
  every: 100,
  after: (shown) => {
    wait();
    tellResults(shown);
  },
});

if (region) {
  live().availability(null, {
    changed: (event) => concerns(event) && later(),
    refetch: later,
  });
  searching(region, () => page.refresh());
  wait();
}

function later() {
  planned ??= setTimeout(() => {
    planned = null;
    last = performance.now();
    page.refresh();
  }, Math.max(0, last + EVERY - performance.now()));
}

function cardOf(dentistId) {
  return region.querySelector(`[data-dentist="${CSS.escape(dentistId)}"]`);
}

function concerns({ kind, data }) {
  // Who offers nothing has no card, and gets one with the first offer.
  if (kind.startsWith("dentist.") || data.reason === "offer") return true;
  if (kind === "availability.changed") return data.dentist_id === null || cardOf(data.dentist_id) !== null;
  return data.taken.some(takesNext) || data.freed.some(isSooner);
}

/** When the card's next free time is; null while there is none. */
function nextOf(card) {
  const time = card.querySelector("time");
  return time ? Date.parse(time.dateTime) : null;
}

function takesNext({ dentist_id, start, end }) {
  const card = cardOf(dentist_id);
  const next = card && nextOf(card);
  // A visit with its buffers may begin before the time that it takes away, and a shown time reaches beyond its start.
  const reach = 4 * 3600 * 1000;
  return Boolean(next) && Date.parse(start) < next + reach && Date.parse(end) + reach > next;
}

function isSooner({ dentist_id, start }) {
  const card = cardOf(dentist_id);
  if (!card) return false;
  const next = nextOf(card);
  return next === null || Date.parse(start) <= next;
}

/** When the first of the shown times begins, the page is out of date by itself. */
function wait() {
  cancelTimer();
  const times = [...region.querySelectorAll("[data-dentist]")].map(nextOf).filter(Boolean);
  cancelTimer = times.length ? at(new Date(Math.min(...times)).toISOString(), () => page.refresh()) : () => {};
}
