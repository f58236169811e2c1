/**
 * Visits on a page, live: a list, a day, or one visit. What an element is about it says in `data-said`; when that is
 * something else than before, the element is marked for a moment and its sentence said.
 *
 * The region (`data-live`) names its channel in `data-channel`, with `data-token` for a private link; `data-refresh-at`
 * is the instant at which it changes by itself. Where `data-toasts` names the page of a visit, new bookings show a toast.
 */

import { announce, text, when } from "./announce.js";
import { LivePage, live } from "./live-page.js";
import { at } from "./server-clock.js";
import { toast } from "./toast.js";

const MARKED = 6_000; // ms
const SOURCES = { manual: "sourceManual", chatbot: "sourceChatbot", staff: "sourceStaff" };
const region = document.querySelector("[data-live][data-channel]");
const said = new Map();
const booked = []; // new visits whose toasts wait for the page to show them
let cancelTimer = () => {};

const page = new LivePage({ before: remember, after: tell });

if (region) {
  const { channel, token } = region.dataset;
  live().subscribe(
    channel,
    {
      created: (event) => region.dataset.visitUrl && booked.push(event.data),
      changed: ({ kind }) => /^(appointment|dentist)\./.test(kind) && page.refresh(),
      refetch: () => page.refresh(),
    },
    token || null,
  );
  wait();
}

function remember(shown) {
  said.clear();
  for (const one of shown.querySelectorAll("[data-said]")) said.set(one.dataset.key, one.dataset.said);
}

function tell(shown) {
  for (const one of shown.querySelectorAll("[data-said]")) {
    if (said.get(one.dataset.key) !== one.dataset.said) {
      mark(one);
      announce(`${text("changed")} ${one.dataset.said}.`);
    }
    said.delete(one.dataset.key);
  }
  for (const sentence of said.values()) announce(`${text("left")} ${sentence}.`);
  booked.splice(0).forEach(show);
  wait();
}

function mark(one) {
  one.dataset.changed = "";
  setTimeout(() => delete one.dataset.changed, MARKED);
}

function show(visit) {
  const row = region.querySelector(`[data-key="${CSS.escape(visit.id)}"]`);
  const source = region.dataset[SOURCES[visit.source]] ?? visit.source;
  toast(text("newVisit", { source }), {
    source: visit.source,
    detail: row?.dataset.said ?? when(visit.start, { day: true }),
    href: region.dataset.visitUrl.replace("00000000-0000-0000-0000-000000000000", visit.id),
  });
}

function wait() {
  cancelTimer();
  const { refreshAt } = region.dataset;
  cancelTimer = refreshAt ? at(refreshAt, () => page.refresh()) : () => {};
}
