/** What a conversation says by itself: words of `templates/chat/_texts.html`, and its own polite live region. */

/** A translated text, with `{name}` replaced. */
export function text(name, values = {}) {
  const found = document.querySelector("[data-chat-texts]").dataset[name];
  return found.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

/** Says it politely. Inside the window, because what lies behind a sheet is not read out. */
export function announce(words) {
  document.querySelector("[data-chat-status]").textContent = words;
}

/** As in "9:00, 10:00 and 11:00". */
export function listed(items) {
  return new Intl.ListFormat(document.documentElement.lang).format(items);
}

/** What stands on a button: of an offered time without what became of it. */
export function labelOf(button) {
  const part = (name) => button.querySelector(name).textContent.trim();
  if (button.matches(".chat-time")) return `${part(".day")}, ${part("time")} · ${part(".who")}`;
  return button.textContent.replace(/\s+/g, " ").trim();
}
