/** The calendar, live: what changed is fetched and patched in place, marked, and said. The line of the current time goes on. */

import { announce, text, when } from "./announce.js";
import { bounds, columnOf, root } from "./calendar-grid.js";
import { LivePage, live } from "./live-page.js";
import { now } from "./server-clock.js";
import { toast } from "./toast.js";

const MARKED = 6_000; // ms
const EVERY = 20_000; // ms between two looks at the clock
const ROW = 5; // minutes
const LONGEST = 4_000; // ms that somebody waits for the grid to be drawn anew
const SOURCES = { manual: "sourceManual", chatbot: "sourceChatbot", staff: "sourceStaff" };
const said = new Map();
const booked = [];
const watchers = new Set();
let waiting = [];
let focused = null;
let today = null;

const page = new LivePage({ before: remember, after: tell });

export function follow() {
  live().appointments({
    created: (event) => booked.push(event.data),
    changed: () => page.refresh(),
    refetch: () => page.refresh(),
  });
  live().availability(root.dataset.dentist, { changed: () => page.refresh(), refetch: () => page.refresh() });
  tick();
  setInterval(tick, EVERY);
}

/** Fetches what is shown; done when it stands there, or when that takes too long. */
export function refresh() {
  page.refresh();
  return new Promise((done) => {
    waiting.push(done);
    setTimeout(done, LONGEST);
  });
}

/** Calls `watcher` each time the grid was drawn anew. */
export function onPatched(watcher) {
  watchers.add(watcher);
}

function remember(shown) {
  said.clear();
  for (const one of shown.querySelectorAll("[data-said]")) said.set(one.dataset.key, one.dataset.said);
  const held = document.activeElement?.closest?.("[data-key]");
  focused = held && shown.contains(held) ? held.dataset.key : null;
}

function tell(shown) {
  for (const one of shown.querySelectorAll("[data-said]")) {
    if (said.get(one.dataset.key) !== one.dataset.said) {
      one.dataset.changed = "";
      setTimeout(() => delete one.dataset.changed, MARKED);
      announce(`${text("changed")} ${one.dataset.said}.`);
    }
    said.delete(one.dataset.key);
  }
  for (const sentence of said.values()) announce(`${text("left")} ${sentence}.`);
  // A block that went to another day is another element: the focus goes with it.
  const again = focused && shown.querySelector(`[data-key="${CSS.escape(focused)}"]`);
  if (again && !again.contains(document.activeElement)) again.querySelector("a")?.focus({ preventScroll: true });
  booked.splice(0).forEach(show);
  watchers.forEach((watcher) => watcher());
  waiting.splice(0).forEach((done) => done());
  tick();
}

function show(visit) {
  const block = root.querySelector(`[data-visit="${CSS.escape(visit.id)}"]`);
  toast(text("newVisit", { source: root.dataset[SOURCES[visit.source]] ?? visit.source }), {
    source: visit.source,
    detail: block?.dataset.said ?? when(visit.start, { day: true }),
    href: root.dataset.visitUrl.replace("00000000-0000-0000-0000-000000000000", visit.id),
  });
}

/** Puts the line where the clinic's clock is; a new day is drawn by the server. */
function tick() {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: document.body.dataset.timeZone, hourCycle: "h23",
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
  });
  const part = Object.fromEntries(format.formatToParts(now()).map(({ type, value }) => [type, value]));
  const day = `${part.year}-${part.month}-${part.day}`;
  if (today !== null && today !== day) page.refresh();
  today = day;
  const line = columnOf(day)?.querySelector("[data-now-line]");
  const [first, last] = bounds();
  const minute = Number(part.hour) * 60 + Number(part.minute);
  if (!line || minute < first || minute >= last) return;
  const row = Math.floor((minute - first) / ROW);
  line.className = `calendar-now at-${row} to-${row + 1}`;
}
