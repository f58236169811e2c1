/**
 * A field that finds people while somebody types: a combobox with a list below it. The first hit is chosen already, so that
 * a few letters and Enter are enough; leaving the field keeps what was typed.
 */

const PAUSE = 120; // ms after the last key
let count = 0;

/**
 * @param input with `data-people` (the address that answers), `data-some`, `data-none` (what is said of the result), and
 *   `data-new` where a name that is not there yet can be taken
 * @param picked called with the person, or with null and the name for somebody new
 */
export function findPeople(input, picked) {
  const list = document.createElement("ul");
  const said = document.createElement("p");
  list.id = `found-${(count += 1)}`;
  list.className = "found";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0]?.textContent.trim() ?? "");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  input.after(list, said);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id]]) {
    input.setAttribute(name, value);
  }
  let timer = null;
  let asked = null;
  let answering = null;
  let active = -1;
  let shown = [];
  close();

  input.addEventListener("input", () => {
    clearTimeout(timer);
    asked?.abort();
    timer = setTimeout(search, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && (timer !== null || answering)) {
      // Faster than the answer: it decides when it is there, unless more is typed meanwhile.
      event.preventDefault();
      const typed = input.value;
      (timer === null ? answering : search()).then(() => {
        if (input.value !== typed) return;
        if (active >= 0) choose(active);
        else input.form.requestSubmit();
      });
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      choose(active);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (shown.length) mark((active + (event.key === "ArrowDown" ? 1 : shown.length - 1)) % shown.length);
      else search();
    } else if (event.key === "Escape" && shown.length) {
      event.preventDefault();
      close();
    }
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose([...list.children].indexOf(option));
  });

  function search() {
    clearTimeout(timer);
    timer = null;
    const answer = ask().finally(() => (answering = answering === answer ? null : answering));
    return (answering = answer);
  }

  async function ask() {
    const q = input.value.trim();
    if (q.length < 2) return close();
    asked = new AbortController();
    try {
      const url = new URL(input.dataset.people, location.href);
      url.searchParams.set("q", q);
      const answer = await fetch(url, { signal: asked.signal, redirect: "error" });
      if (answer.ok) show((await answer.json()).people, q);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  function show(people, q) {
    shown = people.map((person) => ({ person, name: person.name, detail: person.detail }));
    const isName = !/\d|@/.test(q);
    if (input.dataset.new && isName) {
      shown.push({ person: null, name: input.dataset.new.replace("{name}", q), detail: "" });
    }
    list.replaceChildren(...shown.map(option));
    said.textContent = people.length ? input.dataset.some.replace("{count}", people.length) : input.dataset.none;
    input.setAttribute("aria-expanded", String(shown.length > 0));
    mark(shown.length ? 0 : -1);
  }

  function option({ name, detail }, number) {
    const item = document.createElement("li");
    item.id = `${list.id}-${number}`;
    item.setAttribute("role", "option");
    const head = document.createElement("strong");
    head.textContent = name;
    const more = document.createElement("small");
    more.textContent = detail;
    item.append(head, " ", more);
    return item;
  }

  function mark(number) {
    active = number;
    [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === number)));
    if (number < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", list.children[number].id);
    list.children[number].scrollIntoView({ block: "nearest" });
  }

  function choose(number) {
    const { person } = shown[number];
    close();
    picked(person, input.value.trim());
  }

  function close() {
    clearTimeout(timer);
    timer = null;
    shown = [];
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  }
}
