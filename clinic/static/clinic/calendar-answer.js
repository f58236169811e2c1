/** What became of a move, below the calendar: one sentence, and what can be done about it. */

import { root, sentence } from "./calendar-grid.js";

/**
 * @param kind "done" or "refused"
 * @param choices list of `{label, act}`
 * @param back what gets the focus when it is closed; only what was refused takes the focus itself
 */
export function answer(kind, words, choices, back = null) {
  const place = root.querySelector("[data-answer]");
  const text = document.createElement("p");
  text.textContent = words;
  const close = { label: sentence("Close"), act: () => back?.focus({ preventScroll: true }) };
  const buttons = [...choices, close].map(({ label, act }) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-quiet";
    button.textContent = label;
    button.addEventListener("click", () => (clearAnswer(), act()));
    return button;
  });
  place.dataset.kind = kind;
  place.replaceChildren(text, ...buttons);
  place.hidden = false;
  place.onkeydown = (event) => event.key === "Escape" && (clearAnswer(), close.act());
  if (kind === "refused") place.focus({ preventScroll: true });
}

export function clearAnswer() {
  const place = root.querySelector("[data-answer]");
  place.hidden = true;
  place.replaceChildren();
}
