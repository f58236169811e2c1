/**
 * Booking for a caller: whoever is known is picked by a few letters, the time is kept while the rest is asked, and Enter
 * books. A time that was only suggested follows the treatment and the dentist; one that was chosen stays.
 */

import { findPeople } from "./desk-people.js";

const form = document.querySelector("[data-book]");
const field = (name) => form.elements.namedItem(name);
const line = form.querySelector("[data-hold-line]");
const who = form.querySelector("[data-who]");
const PAUSE = 350; // ms
const said = new URLSearchParams(location.search);
let fixed = "fixed" in form.dataset;
let whom = said.get("dentist"); // chosen, not only suggested
let held = null;
let timer = null;
let asked = 0;
let looking = null;
let sent = false;

findPeople(field("name"), (person, name) => (person ? known(person) : newcomer(name)));
const other = form.querySelector("[data-other]");
other.hidden = false;
other.addEventListener("click", () => somebodyElse());
if (field("person_id").value && !document.querySelector("[autofocus]")) field("treatment").focus();

form.addEventListener("change", ({ target }) => {
  if (target.name === "date" || target.name === "time") fixed = true;
  if (target.name === "dentist") whom = target.value;
  if (["treatment", "dentist"].includes(target.name) && !fixed) return look();
  if (["treatment", "dentist", "date", "time"].includes(target.name)) keep();
});
form.addEventListener("click", (event) => {
  const chip = event.target.closest(".chip");
  if (!chip) return;
  event.preventDefault();
  take(chip);
  form.querySelector("[data-submit]").focus();
});
// In a list of choices Enter does nothing by itself; here it books, as in every field.
for (const name of ["treatment", "dentist"]) {
  field(name).addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-submit]"));
  });
}
form.addEventListener("submit", (event) => {
  if (!looking) return void (sent = true);
  // Faster than the answer: the time that stands there still is that of what was chosen before.
  event.preventDefault();
  looking.then(() => form.requestSubmit(form.querySelector("[data-submit]")));
});
addEventListener("pagehide", () => {
  if (held && !sent) post(`${form.dataset.holdUrl}/${held}/release`, { keepalive: true });
});
addEventListener("pageshow", ({ persisted }) => persisted && ((sent = false), keep()));
keep();

function known(person) {
  field("person_id").value = person.id;
  field("name").value = person.name;
  for (const name of ["phone", "email"]) field(name).value = person[name];
  who.querySelector("[data-known-name]").textContent = person.name;
  who.querySelector("[data-known-detail]").textContent = person.detail;
  who.querySelector("[data-known]").hidden = false;
  who.classList.add("is-known");
  field("treatment").focus();
}

function newcomer(name) {
  field("name").value = name;
  field("phone").focus();
}

function somebodyElse() {
  for (const name of ["person_id", "name", "phone", "email", "birth_date"]) field(name).value = "";
  who.querySelector("[data-known]").hidden = true;
  who.classList.remove("is-known");
  field("name").focus();
}

/** Asks for the next free times of what is chosen now, and takes the first. */
function look() {
  clearTimeout(timer); // what was chosen before need not be kept any more
  const answer = suggest()
    .catch(() => line.replaceChildren()) // no network: sending the form says so
    .finally(() => (looking = looking === answer ? null : looking));
  looking = answer;
}

async function suggest() {
  const number = (asked += 1);
  const url = new URL(form.dataset.lookUrl, location.href);
  url.searchParams.set("treatment", field("treatment").value);
  if (whom) url.searchParams.set("dentist", whom);
  if (said.get("date")) url.searchParams.set("date", said.get("date"));
  const answer = await fetch(url, { headers: { "X-Fragment": "1" }, redirect: "error" });
  if (!answer.ok || number !== asked) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const suggestions = fresh.querySelector("[data-suggestions]");
  form.querySelector("[data-suggestions]").replaceWith(document.adoptNode(suggestions));
  const first = suggestions.querySelector(".chip");
  if (first) take(first, { suggested: true });
}

function take(chip, { suggested = false } = {}) {
  for (const name of ["dentist", "date", "time"]) field(name).value = chip.dataset[name];
  fixed = !suggested;
  keep();
}

function post(url, options = {}) {
  return fetch(url, { method: "POST", body: new FormData(form), redirect: "error", ...options });
}

/** Keeps the time for this caller, or says why it cannot be had. */
function keep() {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const number = (asked += 1);
    try {
      const answer = await post(form.dataset.holdUrl);
      if (number === asked && answer.ok) show(await answer.json());
    } catch {
      show({ state: "unsaid", text: "" }); // booking says what is so
    }
  }, PAUSE);
  mark();
}

function show({ state, id, text, alternatives }) {
  held = id ?? null;
  line.dataset.state = state;
  line.textContent = text;
  if (alternatives?.length) chips(alternatives);
}

function chips(alternatives) {
  const list = document.createElement("ul");
  list.setAttribute("role", "list");
  list.className = "alternatives";
  for (const one of alternatives) {
    const item = document.createElement("li");
    const chip = document.createElement("a");
    const whom = document.createElement("span");
    chip.className = "pick chip";
    chip.href = `?${new URLSearchParams({ dentist: one.dentist, date: one.date, time: one.time })}`;
    for (const name of ["dentist", "date", "time"]) chip.dataset[name] = one[name];
    whom.className = "soft small";
    whom.textContent = one.who;
    chip.append(`${one.label} `, whom);
    item.append(chip);
    list.append(item);
  }
  form.querySelector("[data-suggestions]").replaceChildren(list);
  mark();
}

/** Shows which of the suggestions stands in the fields. */
function mark() {
  for (const chip of form.querySelectorAll(".chip")) {
    const same = ["dentist", "date", "time"].every((name) => field(name).value === chip.dataset[name]);
    chip.toggleAttribute("aria-current", same);
    if (same) chip.setAttribute("aria-current", "true");
  }
}
