/** The server's clock: a page says the instant at which it was made, in ms, as `<body data-now>`. */

const made = Number(document.body.dataset.now);
const [navigation] = performance.getEntriesByType("navigation");
const offset = made ? made - (performance.timeOrigin + (navigation?.responseStart ?? 0)) : 0;

/** Now, by the server's clock, in ms. By the reader's own clock in between: timers of a page stand still in its sleep. */
export function now() {
  return Date.now() + offset;
}

const LONGEST = 2 ** 31 - 1; // what a timer can wait

/** Calls back at an instant of the server's clock; gives back what prevents it. */
export function at(instant, callback) {
  const left = Math.max(0, Date.parse(instant) - now());
  const timer = setTimeout(() => (left > LONGEST ? at(instant, callback) : callback()), Math.min(left, LONGEST));
  return () => clearTimeout(timer);
}
