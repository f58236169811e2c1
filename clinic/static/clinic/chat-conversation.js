/**
 * A conversation on show: sends what is written or pressed, and makes the page's piece like the server's answer, in place.
 * The forms are the server's, and work without this module.
 */

import { patch } from "./patch.js";
import { announce, labelOf, text } from "./chat-words.js";

const PATIENCE = 20_000; // ms until an answer counts as lost
const SLOW = 400; // ms after which it is shown that an answer is on its way
const SAID_WHEN_SLOW = 2_500;
const EDGE = 16; // px above a message that is brought to the top

export class Conversation {
  #root;
  #listeners = new Set();
  #timers = [];
  sending = false;

  constructor(root) {
    this.#root = root;
    root.addEventListener("submit", (event) => this.#submitted(event));
    root.addEventListener("click", (event) => this.#clicked(event));
    root.addEventListener("keydown", (event) => this.#typed(event));
  }

  get root() {
    return this.#root;
  }

  get id() {
    return this.#root.dataset.conversation ?? "";
  }

  /** How many messages are on show. */
  get messages() {
    return Number(this.#root.dataset.messages);
  }

  get #url() {
    return this.find("[data-chat-write]").getAttribute("action");
  }

  find(selector) {
    return this.#root.querySelector(selector);
  }

  /** Calls `listener` whenever something else is on show. */
  onchange(listener) {
    this.#listeners.add(listener);
  }

  /** Fetches what was said, by this or another page. */
  async refresh(url = this.#url) {
    const { fresh, status } = await this.#ask(url).catch(() => ({}));
    if (this.sending || this.#isOlder(fresh)) return;
    if (fresh) {
      const lost = this.find("[data-key=lost]"); // it may still be sent again
      if (lost) fresh.querySelector(".chat-foot").prepend(lost.cloneNode(true));
      this.show(fresh);
    } else if (status === 404) this.over();
  }

  /** Sends a form's values without a word of the reader's, and shows the answer. */
  async post(url, body) {
    body.set("csrfmiddlewaretoken", this.find("[name=csrfmiddlewaretoken]").value);
    const { fresh } = await this.#ask(url, { method: "POST", body }).catch(() => ({}));
    if (fresh && !this.sending && !this.#isOlder(fresh)) this.show(fresh);
  }

  /** Whether it was asked for before a message that is answered by now. */
  #isOlder(fresh) {
    return fresh?.dataset.conversation === this.id && Number(fresh.dataset.messages) < this.messages;
  }

  /** Makes what is shown like a fresh piece; a focus on what is no longer there goes to the answers. */
  show(fresh) {
    const { activeElement } = document;
    const actions = this.find("[data-chat-actions]");
    const key = activeElement?.dataset?.key ?? "";
    if (actions.contains(activeElement) && !fresh.querySelector(`[data-key="${CSS.escape(key)}"]`)) this.#toAnswers();
    patch(this.#root, fresh);
    this.#listeners.forEach((listener) => listener());
  }

  /** Nothing of it is to be read here any more. */
  over() {
    this.#problem(text("gone"), this.#link());
    for (const part of ["log", "actions"]) this.find(`[data-chat-${part}]`).replaceChildren();
    this.find("[data-chat-write]").hidden = true;
  }

  /** Brings the newest message into view, from what it answers on. */
  scroll() {
    const scroller = this.find("[data-chat-scroll]");
    const own = [...this.#root.querySelectorAll(".said-own")].at(-1);
    if (getComputedStyle(scroller).overflowY === "auto") {
      scroller.scrollTop = scroller.scrollHeight;
      const above = own ? scroller.getBoundingClientRect().top + EDGE - own.getBoundingClientRect().top : 0;
      if (above > 0) scroller.scrollTop -= above;
      return;
    }
    this.find(".chat-foot").scrollIntoView({ block: "end" });
    if (own?.getBoundingClientRect().top < 0) own.scrollIntoView({ block: "start" });
  }

  #submitted(event) {
    const { target: form, submitter } = event;
    event.preventDefault();
    if (this.sending) return;
    if (form.matches("[data-chat-renew]")) return void this.post(form.getAttribute("action"), new URLSearchParams());
    if (submitter?.getAttribute("aria-disabled") === "true") {
      announce(text("takenOne", { times: labelOf(submitter) }));
      return;
    }
    const body = new URLSearchParams(new FormData(form));
    if (submitter?.name) body.set(submitter.name, submitter.value);
    const typed = body.get("text")?.trim() ?? "";
    if (form.matches("[data-chat-write]") && !typed) return this.find("textarea").focus();
    this.#send(form.getAttribute("action"), body, typed || labelOf(submitter));
  }

  #clicked(event) {
    const anew = event.target.closest("[data-chat-new]");
    if (!anew) return;
    event.preventDefault();
    this.#begin(anew.getAttribute("href"));
  }

  async #begin(url) {
    const { fresh } = await this.#ask(url).catch(() => ({}));
    if (!fresh) return this.#problem(text(navigator.onLine ? "lost" : "offline"));
    this.find("[data-chat-write]").hidden = false;
    this.show(fresh);
    this.find("textarea").focus();
  }

  #typed(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !event.target.matches("textarea")) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  }

  async #send(url, body, said) {
    this.sending = true;
    const problem = this.find("[data-chat-problem]");
    if (problem?.contains(document.activeElement)) this.find("textarea").focus();
    problem?.remove();
    const line = this.#own(said);
    if (this.find("[data-chat-actions]").contains(document.activeElement)) this.#toAnswers();
    const field = this.find("textarea");
    if (body.has("text")) field.value = "";
    this.scroll();
    this.#wait();
    let answer = await this.#ask(url, { method: "POST", body }).catch(() => ({}));
    if (answer.status === 403) answer = await this.#withNewToken(url, body);
    this.#waited();
    this.sending = false;
    if (answer.fresh) this.show(answer.fresh);
    if (!(answer.status < 400) && body.has("text") && !field.value) field.value = body.get("text");
    if (!answer.fresh) {
      line.remove();
      if (answer.status === 404) this.over();
      else this.#lost(url, body, said);
    }
    this.scroll();
  }

  /** The page's token was made for somebody who has signed in or out since. */
  async #withNewToken(url, body) {
    const current = await this.#ask(this.#url).catch(() => ({}));
    const token = current.fresh?.querySelector("[name=csrfmiddlewaretoken]")?.value;
    if (!token) return current;
    body.set("csrfmiddlewaretoken", token);
    return this.#ask(url, { method: "POST", body }).catch(() => ({}));
  }

  async #ask(url, options = {}) {
    const request = { headers: { "X-Fragment": "1" }, cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...options };
    const answer = await fetch(url, request);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return { status: answer.status, fresh: page.querySelector("[data-chat]") };
  }

  /** What was said stands there at once; the answer brings it again under the same key. */
  #own(words) {
    const line = document.createElement("div");
    line.className = "said said-own";
    line.dataset.key = line.id = `said-${this.messages}`;
    line.dataset.state = "sending";
    const who = document.createElement("span");
    const paragraph = document.createElement("p");
    paragraph.textContent = words;
    line.append(who, paragraph);
    this.find("[data-chat-log]").append(line);
    return line;
  }

  #wait() {
    const show = () => (this.#root.dataset.state = "answering");
    this.#timers = [setTimeout(show, SLOW), setTimeout(() => announce(text("answering")), SAID_WHEN_SLOW)];
  }

  #waited() {
    this.#timers.forEach(clearTimeout);
    delete this.#root.dataset.state;
  }

  /** To send it again cannot say it twice: its key goes with it. */
  #lost(url, body, said) {
    const again = document.createElement("button");
    again.type = "button";
    again.className = "link-button";
    again.textContent = text("again");
    again.addEventListener("click", () => this.#send(url, body, said));
    this.#problem(text(navigator.onLine ? "lost" : "offline"), again);
  }

  #problem(words, way = null) {
    this.find("[data-chat-problem]")?.remove();
    const place = document.createElement("div");
    place.className = "chat-problem";
    place.setAttribute("role", "alert");
    place.dataset.chatProblem = "";
    place.dataset.key = "lost";
    const sentence = document.createElement("p");
    sentence.textContent = words;
    place.append(sentence);
    if (way) place.append(way);
    this.find(".chat-foot").prepend(place);
  }

  #link() {
    const anew = document.createElement("a");
    anew.className = "link-button";
    anew.href = "/chat?new";
    anew.dataset.chatNew = "";
    anew.textContent = text("anew");
    return anew;
  }

  #toAnswers() {
    this.find("[data-chat-actions]").focus({ preventScroll: true });
  }
}
