/**
 * The list of appointments in admin, live: rows are patched in place, so that what is ticked stays ticked, and an open
 * filter stays open. Beside the list there is nothing of it on the page: the forms of admin are left alone.
 */

import { announce, text } from "./announce.js";
import { live } from "./live-page.js";
import { patch } from "./patch.js";

const MARKED = 6_000; // ms
const EVERY = 1_000; // ms between two fetches: a list of a hundred rows is dearer than a page
const LONGEST_RETRY = 30_000;
let timer = null;
let asking = false;
let last = -Infinity;
let failures = 0;

if (document.querySelector("#changelist-form")) {
  live().appointments({
    changed: ({ kind }) => kind.startsWith("appointment.") && later(),
    refetch: later,
  });
  document.addEventListener("visibilitychange", () => document.hidden || timer === null || later());
}

function later() {
  if (asking) return void setTimeout(later, EVERY);
  clearTimeout(timer);
  const pause = Math.max(0, last + EVERY - performance.now());
  timer = setTimeout(refresh, document.hidden ? pause + Math.random() * 10_000 : pause);
}

async function refresh() {
  timer = null;
  asking = true;
  last = performance.now();
  const page = await fetched();
  asking = false;
  failures = page === null ? failures + 1 : 0;
  if (page) show(listOf(page));
  else if (failures) timer = setTimeout(refresh, patience());
}

/** The network, or a server that has too much to do: later, and later each time. */
function patience() {
  return Math.min(LONGEST_RETRY, EVERY * 2 ** failures) * (0.5 + Math.random() / 2);
}

/** The page as it is now; "" when it is no longer for this reader, null when it must be asked for again. */
async function fetched() {
  try {
    const answer = await fetch(location.href, { cache: "no-store", redirect: "manual" });
    if (answer.ok) return await answer.text();
    return answer.status >= 429 ? null : "";
  } catch {
    return null;
  }
}

/** The list's form, the pager and the heading alone: the page around them has styles that the policy of the open page would
 *  complain about. */
function listOf(page) {
  const wanted = [["<h1", "</h1>"], ['<form id="changelist-form"', "</form>"], ["<nav data-pager", "</nav>"]];
  const parts = wanted.map(([from, to]) => part(page, from, to));
  return new DOMParser().parseFromString(parts.join(""), "text/html");
}

function part(page, from, to) {
  const start = page.indexOf(from);
  return start < 0 ? "" : page.slice(start, page.indexOf(to, start) + to.length);
}

function rows(root) {
  return root.querySelector("#result_list");
}

function show(fresh) {
  if (!rows(document) !== !rows(fresh)) {
    // From an empty list to a full one, or back: the frame around it is another.
    if (!document.querySelector(".action-select:checked")) location.reload();
    return;
  }
  if (!rows(document)) return;
  for (const root of [document, fresh]) {
    for (const box of root.querySelectorAll(".action-select")) box.closest("tbody").dataset.key = box.value;
  }
  for (const box of document.querySelectorAll(".action-select:checked")) {
    const again = fresh.querySelector(`[data-key="${CSS.escape(box.value)}"] tr`);
    if (again && box.closest("tr").classList.contains("selected")) again.classList.add("selected");
  }
  const before = new Map([...said(document)]);
  patch(rows(document), rows(fresh));
  count(fresh);
  mark(before);
}

/** How many there are, on which pages, and how many can be ticked. */
function count(fresh) {
  for (const place of ["h1", "[data-pager]"]) {
    const [shown, now] = [document, fresh].map((root) => root.querySelector(place));
    if (shown && now) patch(shown, now);
  }
  const [ticked, of] = [document, fresh].map((root) => root.querySelector("[data-actions-icnt]"));
  if (ticked && of) ticked.dataset.actionsIcnt = of.dataset.actionsIcnt;
}

/** Each row's key, and what stands in it. */
function said(root) {
  return [...root.querySelectorAll("#result_list [data-key]")].map((row) => [row.dataset.key, row.textContent]);
}

function mark(before) {
  const changed = said(document).filter(([key, words]) => before.get(key) !== words);
  for (const [key] of changed) {
    const row = document.querySelector(`#result_list [data-key="${CSS.escape(key)}"]`);
    row.dataset.changed = "";
    setTimeout(() => delete row.dataset.changed, MARKED);
  }
  if (changed.length || before.size !== said(document).length) announce(text("listChanged"));
}
