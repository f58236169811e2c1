/**
 * Says next to a field what is wrong with it as soon as it was filled in, in the server's own words: the form asks with
 * `step=check`, and gets by field what it would be refused for. What is empty is not complained of before it is sent.
 */

import { announce } from "./announce.js";

const PAUSE = 400; // ms after the last key, while a field that was wrong is put right
const form = document.querySelector("form[data-checked]");
const looked = new Set(); // names of fields that were filled in
let asked = 0;
let timer = null;

if (form) {
  form.addEventListener("focusout", ({ target }) => {
    if (target.name && target.type !== "hidden" && target.value !== target.defaultValue) look(target);
  });
  form.addEventListener("change", ({ target }) => isPress(target) && look(target));
  form.addEventListener("input", ({ target }) => {
    clearTimeout(timer);
    if (errorOf(target)) timer = setTimeout(() => look(target), PAUSE);
  });
}

function look({ name }) {
  looked.add(name);
  check();
}

async function check() {
  const turn = ++asked;
  const body = new URLSearchParams({ step: "check" });
  for (const field of form.elements) {
    if (!field.name || field.tagName === "BUTTON" || (field.type === "hidden" && field.name !== "csrfmiddlewaretoken")) continue;
    if (!isPress(field) || field.checked) body.set(field.name, field.value);
  }
  let errors;
  try {
    const answer = await fetch(location.href, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    ({ errors } = await answer.json());
  } catch {
    return; // What is wrong is said when the form is sent.
  }
  if (turn !== asked) return;
  for (const name of looked) show(name, errors[name] ?? []);
}

function isPress({ type }) {
  return type === "radio" || type === "checkbox";
}

function controls(name) {
  return [...form.elements].filter((one) => one.name === name && one.type !== "hidden");
}

function boxOf(control) {
  return control?.closest(".field");
}

function errorOf(control) {
  return boxOf(control)?.querySelector(".field-error");
}

function show(name, texts) {
  const [control] = controls(name);
  const box = boxOf(control);
  if (!box) return;
  const shown = errorOf(control);
  const words = texts.join(" ");
  if (words ? shown?.textContent.trim().endsWith(words) : !shown) return;
  shown?.remove();
  const id = `id_${name}_error`;
  for (const one of controls(name)) {
    const described = (one.getAttribute("aria-describedby") ?? "").split(" ").filter((part) => part && part !== id);
    if (words) described.push(id);
    if (described.length) one.setAttribute("aria-describedby", described.join(" "));
    else one.removeAttribute("aria-describedby");
    if (words) one.setAttribute("aria-invalid", "true");
    else one.removeAttribute("aria-invalid");
  }
  if (!words) return;
  const error = document.querySelector("template[data-field-error]").content.firstElementChild.cloneNode(true);
  error.id = id;
  error.querySelector("[data-text]").textContent = words;
  box.append(error);
  announce(words);
}
