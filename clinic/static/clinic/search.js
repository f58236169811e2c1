/**
 * The search for a dentist while it is typed: what is looked for goes into the address, and the page brings itself up to
 * date from there. Without scripts the same form is sent by its button.
 */

import { announce } from "./announce.js";

const PAUSE = 250; // ms after the last key
let timer = null;
let waiting = false; // for the answer to a search, whose number of results is to be said

/** `region` holds the form; `refresh` shows what the address says. */
export function searching(region, refresh) {
  const form = region.querySelector("[data-search]");
  if (!form) return;
  const go = (how) => {
    clearTimeout(timer);
    const wanted = new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim()));
    const address = wanted.size ? `?${wanted}` : location.pathname;
    if (address === (location.search || location.pathname)) return;
    history[how](null, "", address);
    waiting = true;
    refresh();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go("pushState");
  });
  form.addEventListener("change", ({ target }) => target.matches("select") && go("pushState"));
  form.addEventListener("input", ({ target }) => {
    if (!target.matches("input")) return;
    clearTimeout(timer);
    timer = setTimeout(() => go("replaceState"), PAUSE);
  });
  addEventListener("popstate", () => {
    const known = new URLSearchParams(location.search);
    for (const field of form.elements) if (field.name) field.value = known.get(field.name) ?? "";
    waiting = true;
    refresh();
  });
}

/** Says how many were found, once the page shows them. */
export function tellResults(region) {
  if (!waiting) return;
  waiting = false;
  announce(region.querySelector("[data-results]")?.textContent.trim());
}
