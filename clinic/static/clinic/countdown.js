/**
 * The hold on the booking page, to the second by the server's clock. When it has run out, the server says whether the time
 * is still free, and one press holds it again; what was typed stays. Whoever comes back here after booking is led to the visit.
 */

import { announce } from "./announce.js";
import { releaseOnLeaving } from "./leaving.js";
import { live } from "./live-page.js";
import { patch } from "./patch.js";
import { now } from "./server-clock.js";

const hold = document.querySelector("[data-hold]");
const form = document.querySelector("#booking");
let warned = false;
let ended = false;
let sent = false; // the booking itself uses the hold up
let timer = null;

if (hold && form) {
  live().availability(form.elements.dentist.value, {
    changed: ({ data }) => (ended ? judge() : frees(data) && check()),
    refetch: () => (ended ? judge() : check()),
  });
  form.addEventListener("submit", () => (sent = true));
  addEventListener("pageshow", () => (sent = false));
  releaseOnLeaving({ release: document.querySelector("#release"), expires: () => (ended ? null : expires()), again, back: check });
  tick();
}

function expires() {
  return hold.querySelector("[data-hold-expires]")?.dateTime;
}

function left() {
  return Date.parse(expires()) - now();
}

function say(name, values = {}) {
  return hold.dataset[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

function tick() {
  const rest = left();
  if (rest <= 0) return end();
  const seconds = Math.ceil(rest / 1000);
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  hold.querySelector("[data-hold-left]").textContent = say("left", { time });
  if (seconds <= 60 && !warned) {
    warned = true;
    hold.dataset.state = "short";
    announce(say("minute"));
  }
  timer = setTimeout(tick, rest % 1000 || 1000);
}

function end() {
  ended = true;
  announce(say("ended"));
  judge();
}

function frees({ freed = [] }) {
  const start = Date.parse(form.elements.start.value);
  return freed.some((time) => Date.parse(time.start) <= start && start < Date.parse(time.end));
}

/** What the server says to this page's address now. A hold that was booked leads to its visit, and so goes the reader. */
async function ask() {
  const address = location.href;
  const request = { headers: { "X-Fragment": "1" }, cache: "no-store", redirect: "manual" };
  const answer = await fetch(address, request).catch(() => null);
  if (sent || address !== location.href) return null;
  if (answer?.type === "opaqueredirect") location.replace(address);
  return answer;
}

/** Asks whether the hold is still there: another page of the same person may have given it up, or booked it. */
async function check() {
  const answer = await ask();
  if (answer?.status !== 410 || ended) return;
  clearTimeout(timer);
  end();
}

/** Asks whether the time is still free, and says so in place of the countdown. */
async function judge() {
  if ((await ask())?.type === "opaqueredirect") return;
  const { dentist, treatment, start } = form.elements;
  const query = new URLSearchParams({ treatment: treatment.value, date: hold.dataset.day });
  let free = null;
  try {
    const answer = await fetch(`/api/availability/${dentist.value}/slots?${query}`, { cache: "no-store" });
    const { slots } = await answer.json();
    free = slots.some((slot) => Date.parse(slot.start) === Date.parse(start.value));
  } catch {
    // Not known: to try is the only way to find out.
  }
  if (!ended) return;
  show(free === false ? "taken" : free ? "free" : "ended");
}

function show(state) {
  if (hold.dataset.state === state) return;
  hold.dataset.state = state;
  const words = hold.querySelector("[data-hold-words]");
  const sentence = document.createElement("strong");
  sentence.textContent = say("ended");
  const more = document.createElement("span");
  more.textContent = state === "ended" ? "" : say(state);
  words.replaceChildren(sentence, more);
  announce(more.textContent);
  hold.querySelector("[data-hold-again]")?.remove();
  const button = document.createElement(state === "taken" ? "a" : "button");
  button.dataset.holdAgain = "";
  button.className = "button button-quiet";
  button.textContent = say(state === "taken" ? "others" : "again");
  if (state === "taken") button.href = hold.dataset.times;
  else {
    button.type = "button";
    button.addEventListener("click", again);
  }
  hold.append(button);
}

/** Holds the same time anew, and goes on under the new hold's address. */
async function again() {
  const body = new URLSearchParams();
  for (const name of ["csrfmiddlewaretoken", "dentist", "treatment", "start"]) body.set(name, form.elements[name].value);
  for (const [name, value] of new URLSearchParams(location.search)) if (!body.has(name)) body.set(name, value);
  const answer = await fetch("/hold", { method: "POST", body, headers: { "X-Fragment": "1" } }).catch(() => null);
  if (answer === null) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const held = fresh.querySelector("[data-hold]");
  if (!answer.ok || !held) return show("taken");
  history.replaceState(null, "", answer.url);
  document.querySelector("#release").action = fresh.querySelector("#release").getAttribute("action");
  const hadFocus = hold.contains(document.activeElement);
  patch(hold, held);
  ended = warned = false;
  clearTimeout(timer);
  announce(hold.querySelector("strong").textContent);
  if (hadFocus) hold.focus();
  tick();
}
