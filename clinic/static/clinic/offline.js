/** Says when a page is no longer live: offline, back again, signed out. Politely, and only when it lasts. */

import { text } from "./announce.js";

const PATIENCE = 2_000; // ms without a connection before it is worth a word
const FIRST_PATIENCE = 10_000; // a page that was never live is at least as new as its load
const SHOWN = 4_000; // ms that "connected again" stays

let timer = null;
let wasLive = false;
let watched = null;

/** Shows what becomes of the connection, once a page. */
export function watch(connection) {
  if (watched === connection) return;
  watched = connection;
  const follow = (state) => {
    document.documentElement.dataset.liveState = state;
    clearTimeout(timer);
    if (state === "live") {
      wasLive = true;
      if (bar()?.dataset.state === "offline") online();
    } else if (state === "signed-out") {
      // Whoever comes next to this screen is not to read what somebody else's session had opened.
      for (const own of document.querySelectorAll("[data-live][data-channel]")) own.replaceChildren();
      const next = encodeURIComponent(location.pathname + location.search);
      notice("signed-out", text("signedOut"), { href: `/accounts/sign-in?next=${next}`, label: text("signIn") });
    } else if (state === "connecting") {
      timer = setTimeout(offline, wasLive || !navigator.onLine ? PATIENCE : FIRST_PATIENCE);
    }
  };
  connection.onstate(follow);
  follow(connection.state);
}

function offline() {
  notice("offline", text(navigator.onLine ? "interrupted" : "offline"));
}

function online() {
  notice("online", text("online"));
  timer = setTimeout(() => bar()?.dataset.state === "online" && clear(), SHOWN);
}

function bar() {
  return document.querySelector("[data-connection]");
}

function clear() {
  bar().removeAttribute("data-state");
  bar().replaceChildren();
}

const FINAL = ["gone", "signed-out"]; // the later one says more

/** Shows one sentence at the edge of the window, with a link if there is something to do. What is final stays. */
export function notice(state, words, link = null) {
  const place = bar();
  if (!place || FINAL.indexOf(place.dataset.state) > FINAL.indexOf(state)) return;
  const sentence = document.createElement("span");
  sentence.textContent = words;
  place.dataset.state = state;
  place.replaceChildren(sentence);
  if (link) {
    const anchor = document.createElement("a");
    anchor.href = link.href;
    anchor.textContent = link.label;
    place.append(anchor);
  }
}
