/**
 * The window with the chatbot: beside the page where there is room, over it where there is not. Whether it is open is kept
 * from page to page, what was said by the server.
 */

import { Conversation } from "./chat-conversation.js";
import { Offers } from "./chat-offers.js";

const BESIDE = matchMedia("(width >= 80rem)"); // the same in chat.css
const KEPT = "chat";

const dialog = document.querySelector("[data-chat-window]");
const button = document.querySelector("[data-chat-open]");
const place = document.querySelector("[data-chat-place]");
let conversation = null;
let offers = null;

button.hidden = false;
document.querySelector("[data-chat-link]").hidden = true;
button.addEventListener("click", () => open({ focus: true }));
document.querySelector("[data-chat-close]").addEventListener("click", () => dialog.close());
// Told a moment later: when it turns from beside to over, it is open again by then.
dialog.addEventListener("close", () => dialog.open || closed());
dialog.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) dialog.close();
});
// Over a page, a link leads to what lies behind the window.
dialog.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='/']:not([data-chat-new])");
  if (link && !BESIDE.matches) keep(false);
});
BESIDE.addEventListener("change", () => {
  if (!dialog.open) return;
  dialog.close();
  appear();
});
if (isKept()) open({ focus: false });

async function open({ focus }) {
  appear();
  keep(true);
  if (!(await load())) {
    // What cannot be had in the window is perhaps to be had on a page, with a word on why not.
    if (focus && navigator.onLine) location.assign(dialog.dataset.url);
    else dialog.close();
  } else if (focus) {
    conversation.find("textarea").focus();
  }
}

function appear() {
  // Beside the page nothing of it is shut off, and the focus stays where it is.
  if (BESIDE.matches) dialog.open = true;
  else dialog.showModal();
  document.documentElement.dataset.chat = BESIDE.matches ? "beside" : "over";
  button.setAttribute("aria-expanded", "true");
}

function closed() {
  delete document.documentElement.dataset.chat;
  button.setAttribute("aria-expanded", "false");
  keep(false);
  offers?.follow();
  button.focus({ preventScroll: true });
}

/** Whether there is a conversation to show. */
async function load() {
  if (conversation !== null) {
    await conversation.refresh();
  } else {
    const answer = await fetch(dialog.dataset.url, { headers: { "X-Fragment": "1" }, cache: "no-store" }).catch(() => null);
    const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
    const root = page?.querySelector("[data-chat]");
    if (!root) return false;
    place.replaceChildren(document.importNode(root, true));
    conversation = new Conversation(place.firstElementChild);
    offers = new Offers(conversation, () => dialog.open);
    conversation.scroll();
  }
  offers.follow();
  offers.catchUp();
  return true;
}

function keep(isOpen) {
  try {
    sessionStorage.setItem(KEPT, isOpen ? "open" : "closed");
  } catch {
    // A browser that keeps nothing: closed on the next page.
  }
}

function isKept() {
  try {
    return sessionStorage.getItem(KEPT) === "open";
  } catch {
    return false;
  }
}
