/**
 * Admin by keyboard and by ear. The theme opens its menus by elements that only a mouse reaches, and names some fields by
 * nothing; what a form or a question is about is brought before the reader.
 */

const PRESSED = "[x-on\\:click]:not(a[href], button, input, select, label, #changelist-filter-close)";
const SHOWN = 50; // ms until what was opened is there
const ICON = ".material-symbols-outlined";

document.addEventListener("DOMContentLoaded", () => {
  const names = document.querySelector("[data-admin-names]")?.dataset;
  if (!names) return;
  document.querySelectorAll(PRESSED).forEach(makeButton);
  document.querySelectorAll("a, button, [role=button]").forEach((one) => nameIcon(one, names));
  document.addEventListener("keydown", press);
  leadThroughMenus();
});

window.addEventListener("load", () => {
  document.querySelectorAll(`${ICON}:not([role])`).forEach((icon) => icon.setAttribute("aria-hidden", "true"));
  // Choices are made when jQuery is ready, some time after this event; whoever asks last is told last.
  window.django?.jQuery?.(() => document.querySelectorAll(".select2-selection").forEach(nameChoice));
  const asked = document.querySelector(".hits, [aria-invalid=true]");
  if (!asked) return;
  asked.matches(".hits") && (asked.tabIndex = -1);
  asked.scrollIntoView({ block: "center" });
  asked.focus({ preventScroll: true });
});

function makeButton(one) {
  one.tabIndex = 0;
  one.setAttribute("role", "button");
  one.dataset.pressed = "";
}

/** What shows nothing but an icon is called by what it does, not by the letters that the icon is made of. */
function nameIcon(one, names) {
  const icons = one.matches(ICON) ? [one] : [...one.querySelectorAll(ICON)];
  const [icon, ...others] = icons.map((each) => each.textContent.trim());
  if (!icon || others.length || one.textContent.trim() !== icon || one.hasAttribute("aria-label")) return;
  one.setAttribute("aria-label", one.title || { dock_to_right: names.menu, close: names.close }[icon] || names.more);
}

function press(event) {
  if (!["Enter", " "].includes(event.key) || !event.target.matches("[data-pressed]")) return;
  event.preventDefault();
  event.target.click();
}

/** Into what has just opened, and back to where it was opened from. */
function leadThroughMenus() {
  const sidebar = document.getElementById("nav-sidebar");
  const close = sidebar?.querySelector("[data-pressed].material-symbols-outlined");
  const open = [...document.querySelectorAll("#header-inner [data-pressed]")];
  close?.addEventListener("click", () => requestAnimationFrame(() => open.find(isSeen)?.focus()));
  for (const one of open) one.addEventListener("click", () => requestAnimationFrame(() => isSeen(close) && close.focus()));
  sidebar?.addEventListener("keydown", ({ key }) => key === "Escape" && isSeen(close) && close.click());

  const filters = document.querySelector("a[data-pressed][x-on\\:click='filterOpen = true']");
  filters?.addEventListener("click", () => setTimeout(() => document.querySelector("#changelist-filter a")?.focus(), SHOWN));
}

const isSeen = (one) => Boolean(one?.checkVisibility());

/** What is chosen is a name for nothing while nothing is chosen: the field's label comes first. */
function nameChoice(choice) {
  const said = choice.querySelector(".select2-selection__rendered");
  const label = document.getElementById(said?.id.replace(/^select2-|-container$/g, ""))?.labels?.[0];
  if (!label) return;
  label.id ||= `${label.htmlFor}-label`;
  choice.setAttribute("aria-labelledby", `${label.id} ${said.id}`);
  said.setAttribute("aria-labelledby", label.id);
}
