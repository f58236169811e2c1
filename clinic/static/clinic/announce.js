/**
 * What a page says by itself: to screen readers through its one polite live region, in words that the server has
 * translated (`templates/_live.html`).
 */

const PAUSE = 400; // ms in which texts are gathered, so that a flood is one announcement
const MOST = 3; // texts said in one go; of more only how many

let waiting = [];
let timer = null;

/** A translated text, with `{name}` replaced. */
export function text(name, values = {}) {
  const found = document.querySelector("[data-live-texts]")?.dataset[name] ?? "";
  return found.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

/** Says it politely, together with what else happens in the same moment. */
export function announce(words) {
  if (!words || waiting.includes(words)) return;
  waiting.push(words);
  timer ??= setTimeout(say, PAUSE);
}

function say() {
  const region = document.querySelector("[data-live-status]");
  const words = waiting.length > MOST ? [text("many", { count: waiting.length })] : waiting;
  waiting = [];
  timer = null;
  if (region) region.textContent = words.join(" ");
}

/** A time of day or a day with its time, on the clinic's clock and in the page's language. */
export function when(instant, { day = false } = {}) {
  const options = { hour: "numeric", minute: "2-digit", timeZone: document.body.dataset.timeZone };
  if (day) Object.assign(options, { weekday: "long", day: "numeric", month: "long" });
  return new Intl.DateTimeFormat(document.documentElement.lang, options).format(new Date(instant));
}
