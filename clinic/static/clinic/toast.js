/** A short notice at the edge of the window that goes by itself; what it says stands on the page as well. */

import { text } from "./announce.js";

const SHOWN = 9_000; // ms
const MOST = 3; // at a time; an older one makes place

/** Shows `words`, linked to `href` if there is one; waits while somebody points at it or has the focus in it. */
export function toast(words, { href = "", detail = "", source = "" } = {}) {
  const place = document.querySelector("[data-toasts]");
  if (!place) return;
  const card = document.createElement("div");
  card.className = "toast";
  if (source) card.dataset.source = source;
  const body = document.createElement(href ? "a" : "p");
  if (href) body.href = href;
  const head = document.createElement("strong");
  head.textContent = words;
  body.append(head, " ", detail);
  const close = document.createElement("button");
  close.type = "button";
  close.setAttribute("aria-label", text("dismiss"));
  close.textContent = "×";
  close.addEventListener("click", () => card.remove());
  card.append(body, close);
  place.append(card);
  while (place.children.length > MOST) place.firstElementChild.remove();
  leave(card);
}

function leave(card) {
  setTimeout(() => (card.matches(":hover, :focus-within") ? leave(card) : card.remove()), SHOWN);
}
