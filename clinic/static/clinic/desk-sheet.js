/**
 * The day sheet: live, and walked through with the arrow keys. One tab stop; up and down go through a dentist's day, left
 * and right to what another dentist has at that time.
 */

import { announce, text } from "./announce.js";
import { LivePage, live } from "./live-page.js";
import { at } from "./server-clock.js";

const region = document.querySelector('[data-live="sheet"]');
const page = new LivePage({ every: 400, before: remember, after: redrawn });
const said = new Map();
let cancelTimer = () => {};
let current = null; // the id of the cell that Tab leads to

if (region) {
  const changed = () => page.refresh();
  live().appointments({ changed, refetch: changed });
  live().availability(null, { changed, refetch: changed });
  region.addEventListener("keydown", walk);
  region.addEventListener("focusin", ({ target }) => target.matches("[data-cell]") && settle(target));
  wait();
  start();
}

function columns() {
  const all = [...region.querySelectorAll("[data-column]")].filter((one) => one.checkVisibility());
  return all.map((column) => [...column.querySelectorAll("[data-cell]")].filter((one) => one.checkVisibility()));
}

/** At the visit that the address names; else what comes next, or the first thing of the day is where Tab leads. */
function start() {
  const named = document.getElementById(location.hash.slice(1).replace(/^visit-/, "v-"));
  if (!named?.matches("[data-cell]")) {
    settle(null);
    if (named?.closest("[data-gone]")) return named.focus();
    return centre(region.querySelector(".column .now"));
  }
  settle(named);
  named.focus({ preventScroll: true });
  centre(named.closest(".piece"));
}

/** Where the sheet scrolls by itself, the page around it stays at its top: what is said there is to be read. */
function centre(piece) {
  const sheet = region.querySelector("[data-sheet]");
  if (!piece || getComputedStyle(sheet).overflowY !== "auto") return;
  sheet.scrollTop = piece.offsetTop - sheet.clientHeight / 2;
  if (!location.hash) return;
  scrollTo(0, 0);
  addEventListener("load", () => scrollTo(0, 0), { once: true });
}

/** Makes a cell the one tab stop. The buttons beside the visits have their keys, and the visit's own page. */
function settle(cell) {
  const cells = columns().flat();
  const kept = cell ?? cells.find((one) => one.id && one.id === current) ?? cells.find((one) => one.dataset.at) ?? cells[0];
  current = kept?.id ?? null;
  for (const one of region.querySelectorAll("[data-cell]")) one.tabIndex = one === kept ? 0 : -1;
  for (const one of region.querySelectorAll(".piece .step")) one.tabIndex = -1;
}

function walk(event) {
  if (!event.target.matches("[data-cell]") || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = columns();
  const column = all.findIndex((cells) => cells.includes(event.target));
  const place = all[column]?.indexOf(event.target) ?? -1;
  if (place < 0) return;
  const rtl = getComputedStyle(region).direction === "rtl";
  const goes = {
    ArrowDown: () => all[column][place + 1],
    ArrowUp: () => all[column][place - 1],
    ArrowRight: () => beside(all, column, event.target, rtl ? -1 : 1),
    ArrowLeft: () => beside(all, column, event.target, rtl ? 1 : -1),
    Home: () => all[column][0],
    End: () => all[column].at(-1),
  }[event.key];
  if (!goes) return;
  event.preventDefault();
  goes()?.focus();
}

/** What stands nearest to the same time in the next column that has anything. */
function beside(all, column, cell, step) {
  for (let next = column + step; all[next]; next += step) {
    const timed = all[next].filter((one) => one.dataset.at !== undefined);
    if (cell.dataset.at === undefined) return all[next][0];
    const far = (one) => Math.abs(one.dataset.at - cell.dataset.at);
    if (timed.length) return timed.reduce((best, one) => (far(one) < far(best) ? one : best));
  }
  return null;
}

function remember(shown) {
  said.clear();
  for (const one of shown.querySelectorAll("[data-said]")) said.set(one.dataset.key, one.dataset.said);
}

function redrawn(shown) {
  for (const one of shown.querySelectorAll("[data-said]")) {
    if (said.get(one.dataset.key) !== one.dataset.said) {
      announce(`${text("changed")} ${one.dataset.said}.`);
      one.dataset.changed = "";
      setTimeout(() => delete one.dataset.changed, 6_000);
    }
    said.delete(one.dataset.key);
  }
  for (const sentence of said.values()) announce(`${text("left")} ${sentence}.`);
  settle(document.activeElement?.matches("[data-cell]") ? document.activeElement : null);
  wait();
}

function wait() {
  cancelTimer();
  const { refreshAt } = region.dataset;
  cancelTimer = refreshAt ? at(refreshAt, () => page.refresh()) : () => {};
}
