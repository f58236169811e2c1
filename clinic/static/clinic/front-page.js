/**
 * The admin's front page, live: figures, bookings and the state of live sync are patched in place; a booking that has
 * just come, or has changed, is marked for a moment and said.
 */

import { announce, text } from "./announce.js";
import { LivePage, live } from "./live-page.js";

const EVERY = 2_000; // ms between two fetches: the first booking shows at once, a flood of them once in a while
const AGAIN = 30_000; // ms: the day goes on and live sync may stand still without any event
const MARKED = 6_000; // ms
const rows = () => document.querySelectorAll("[data-live] [data-said]");
let said = new Map();

const page = new LivePage({ every: EVERY, before: remember, after: tell });

if (document.querySelector("[data-live]")) {
  live().appointments({
    changed: ({ kind }) => /^(appointment|dentist)\./.test(kind) && page.refresh(),
    refetch: () => page.refresh(),
  });
  setInterval(() => document.hidden || page.refresh(), AGAIN);
}

function remember() {
  said = new Map([...rows()].map((row) => [row.dataset.key, row.dataset.said]));
}

function tell() {
  for (const row of rows()) {
    const before = said.get(row.dataset.key);
    if (before === row.dataset.said) continue;
    row.dataset.changed = "";
    setTimeout(() => delete row.dataset.changed, MARKED);
    announce(`${text(before === undefined ? "booked" : "changed")} ${row.dataset.said}.`);
  }
}
