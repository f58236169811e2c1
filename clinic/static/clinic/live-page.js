/**
 * An open page that brings itself up to date: it asks the server for itself (`X-Fragment`: only the content, made by the
 * same view under the reader's own rights) and patches its `data-live` regions.
 */

import { text } from "./announce.js";
import { connect } from "./realtime.js";
import { notice, watch } from "./offline.js";
import { patch } from "./patch.js";

const HIDDEN_JITTER = 8_000; // ms: pages that nobody sees come later, and not all at once
const LONGEST_RETRY = 30_000;

/** The page's connection, whose loss the page shows. */
export function live() {
  const connection = connect();
  watch(connection);
  return connection;
}

export class LivePage {
  #timer = null;
  #asking = false;
  #again = false;
  #failures = 0;
  #last = -Infinity;

  /**
   * @param every ms between two fetches; the first after a pause is made at once
   * @param url the address of what is shown, when it says more than that of the page
   * @param before `(shown, fresh)`, called for each region before it is patched; may change `fresh`
   * @param after `(shown)`, called for each region that was patched
   */
  constructor({ every = 250, url = () => location.href, before = null, after = null } = {}) {
    Object.assign(this, { every, url, before, after });
    document.addEventListener("visibilitychange", () => {
      if (this.#timer !== null && !document.hidden) this.#plan(0);
    });
    addEventListener("online", () => this.#failures && this.#plan(0));
  }

  /** Asks for what is shown; however often it is called, there is one request at a time, and one more at the end. */
  refresh() {
    if (this.#asking) this.#again = true;
    else if (this.#timer === null) {
      const pause = Math.max(0, this.#last + this.every - performance.now());
      this.#plan(document.hidden ? pause + Math.random() * HIDDEN_JITTER : pause);
    }
  }

  #plan(delay) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), delay);
  }

  async #ask() {
    this.#timer = null;
    this.#asking = true;
    this.#again = false;
    this.#last = performance.now();
    try {
      await this.#fetch();
      this.#failures = 0;
    } catch {
      // The network, or a server that has too much to do: later, and later each time.
      this.#failures += 1;
      const delay = Math.min(LONGEST_RETRY, 1000 * 2 ** this.#failures);
      this.#plan(delay * (0.5 + Math.random() / 2));
    }
    this.#asking = false;
    if (this.#again && this.#timer === null) this.refresh();
  }

  async #fetch() {
    const request = { headers: { "X-Fragment": "1" }, cache: "no-store", redirect: "manual" };
    const answer = await fetch(this.url(), request);
    if (answer.type === "opaqueredirect" || (answer.status >= 400 && answer.status < 429)) return gone();
    if (!answer.ok) throw new Error(`${answer.status}`);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const shown of document.querySelectorAll("[data-live]")) {
      const region = fresh.querySelector(`[data-live="${CSS.escape(shown.dataset.live)}"]`);
      if (region === null) {
        gone();
        continue;
      }
      this.before?.(shown, region);
      patch(shown, region);
      this.after?.(shown);
    }
  }
}

/** The address shows something else now, or nothing: what was typed stays, and the reader decides. */
function gone() {
  notice("gone", text("gone"), { href: location.href, label: text("reload") });
}
