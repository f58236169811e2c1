/**
 * Shortcuts of the front desk. What a key does stands on the page: `data-shortcut` is pressed or focused, and the steps of
 * the visit that is chosen are the buttons beside it (`data-step`). None fires while somebody types, with a modifier, by
 * a key that is held down, or once they were switched off in their dialog.
 */

const OFF = "desk-shortcuts-off";
const STEPS = { c: ["check-in"], d: ["complete"], x: ["no-show"], u: ["undo"], y: ["confirm"] };
const dialog = document.querySelector("[data-keys]");
const opener = document.querySelector("[data-keys-open]");
const switched = document.querySelector("[data-keys-on]");

document.documentElement.dataset.scripted = "";
document.querySelectorAll("[data-go]").forEach((field) => {
  field.addEventListener("change", () => field.value && field.form.requestSubmit());
});

if (dialog) {
  opener.hidden = false;
  opener.addEventListener("click", () => dialog.showModal());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  switched.checked = localStorage.getItem(OFF) === null;
  switched.addEventListener("change", () => {
    if (switched.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.repeat) return; // one step a press, however long it lasts
  if (isTyping(event.target) || dialog?.open || !switched?.checked) return;
  if (act(event.key)) event.preventDefault();
});

function isTyping(target) {
  return target.closest?.("input, textarea, select, [contenteditable]") !== null;
}

function act(key) {
  if (STEPS[key]) return press(STEPS[key]);
  if (key === "m") return move();
  const wanted = [...document.querySelectorAll("[data-shortcut]")].find((one) => one.dataset.shortcut === key);
  if (!wanted) return false;
  if (wanted.matches("input")) {
    wanted.focus();
    wanted.select();
  } else wanted.click();
  return true;
}

/** The visit that has the focus, or the one that the page is about. */
function chosen() {
  return document.activeElement?.closest(".piece.visit, [data-gone]") ?? document.querySelector("[data-keys-here]");
}

function press(steps) {
  const button = steps.map((step) => chosen()?.querySelector(`[data-step="${step}"]`)).find(Boolean);
  button?.click();
  return Boolean(button);
}

function move() {
  const here = document.querySelector('[data-more="move"]');
  if (here) {
    here.open = true;
    here.querySelector("input:not([type=hidden])").focus();
    return true;
  }
  const link = document.activeElement?.closest(".piece.visit")?.querySelector("a[href]");
  if (link) location.assign(`${link.href}#move`);
  return Boolean(link);
}

if (location.hash === "#move") move();
