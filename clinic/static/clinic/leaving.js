/**
 * Whoever leaves the booking page gives its time back. A page that is reloaded is left, too, so the server lets some seconds
 * pass; whoever is back by then holds the time anew.
 */

const key = () => `left:${location.pathname}`;

/** `release`: the form that gives the hold back; `expires`: until when it is held now; `again`: holds it anew; `back`: called
 *  for whoever comes back without having given it back. */
export function releaseOnLeaving({ release, expires, again, back }) {
  let going = false; // on to the next step, or the hold is given back by a button
  for (const form of [release, document.querySelector("#booking")]) {
    form.addEventListener("submit", () => (going = true));
  }
  // Whoever signs in on the way comes back to this page.
  document.addEventListener("click", ({ target }) => target.closest("a[data-keeps-hold]") && (going = true));
  addEventListener("pagehide", () => {
    if (going || expires() === null) return;
    const body = new URLSearchParams(new FormData(release));
    body.set("leaving", expires());
    if (navigator.sendBeacon(release.action, body)) sessionStorage.setItem(key(), "");
  });
  addEventListener("pageshow", ({ persisted }) => {
    const [navigation] = performance.getEntriesByType("navigation");
    const isBack = persisted || ["reload", "back_forward"].includes(navigation?.type);
    going = false;
    const wasLeft = sessionStorage.getItem(key()) !== null;
    sessionStorage.removeItem(key());
    // Whoever left is back by any way: a change of the language leads here as a link does.
    if (wasLeft) again();
    else if (isBack) back();
  });
}
