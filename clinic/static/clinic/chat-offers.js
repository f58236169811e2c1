/**
 * The offered times of a conversation, live: what somebody else takes, or what new hours leave out, greys out in place, and
 * the server puts the next best beside it. Nothing that stays moves, and it is said in one sentence.
 */

import { announce, labelOf, listed, text } from "./chat-words.js";
import { connect } from "./realtime.js";

const GATHERED = 150; // ms in which news is gathered, then as much again by chance: many pages hear the same
const AROUND = 4 * 3_600_000; // ms beside a time in which a visit with its buffers may be in its way
const MARKED = 4_000; // ms that what is new looks new

/** Follows what a conversation offers. `isOpen` says whether anybody can see it. */
export class Offers {
  #conversation;
  #isOpen;
  #heard = new Map(); // subscriptions by channel
  #timer = null;
  #refused = false;
  #watching = false;

  constructor(conversation, isOpen = () => true) {
    this.#conversation = conversation;
    this.#isOpen = isOpen;
    conversation.onchange(() => this.follow());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden || !isOpen()) return;
      if (this.#refused) conversation.refresh();
      if (this.#timer !== null) this.#plan();
    });
    addEventListener("online", () => isOpen() && conversation.refresh());
  }

  /** Listens for what is on show now, and no longer for what was. */
  follow() {
    const wanted = new Map();
    const { id, root } = this.#conversation;
    if (id && this.#isOpen()) {
      wanted.set(`conversation:${id}`, {
        changed: ({ data }) => {
          if (data.messages > this.#conversation.messages && !this.#conversation.sending) this.#conversation.refresh();
        },
        error: () => (this.#refused = true), // the browser was not known when the socket was opened
      });
      if (root.dataset.liveOffers) {
        for (const chip of this.#chips(root)) {
          const concerns = (event) => this.#concerns(event) && this.#plan();
          wanted.set(`availability:${chip.dataset.dentist}`, { changed: concerns, refetch: () => this.#plan() });
        }
      }
    }
    for (const [name, subscription] of this.#heard) {
      if (wanted.has(name)) continue;
      subscription.unsubscribe();
      this.#heard.delete(name);
    }
    for (const [name, callbacks] of wanted) {
      if (!this.#heard.has(name)) this.#heard.set(name, this.#connection().subscribe(name, callbacks));
    }
  }

  /** Looks again, where something was gone already when it was shown. */
  catchUp() {
    if (this.#conversation.find("[data-chat-renew]")) this.#plan();
  }

  #connection() {
    const connection = connect();
    if (!this.#watching) connection.onstate((state) => state === "signed-out" && this.#conversation.over());
    this.#watching = true;
    return connection;
  }

  #chips(root) {
    return [...root.querySelectorAll(".chat-time")];
  }

  #concerns({ kind, data }) {
    if (kind !== "slots.changed") return true;
    return [...data.taken, ...data.freed].some((time) =>
      this.#chips(this.#conversation.root).some((chip) => {
        const start = Date.parse(chip.dataset.start);
        return Date.parse(time.start) - AROUND < start && start < Date.parse(time.end) + AROUND;
      }),
    );
  }

  #plan() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#renew(), GATHERED * (1 + Math.random()));
  }

  async #renew() {
    if (document.hidden || this.#conversation.sending) {
      if (!document.hidden) this.#plan(); // hidden: when it is seen again
      return;
    }
    this.#timer = null;
    const { root, id } = this.#conversation;
    if (!id || !root.dataset.liveOffers || !this.#isOpen()) return;
    const before = new Map(this.#chips(root).map((chip) => [chip.dataset.key, isFree(chip)]));
    await this.#conversation.post(`/chat/${id}/offers`, new URLSearchParams());
    this.#tell(before);
  }

  #tell(before) {
    const chips = this.#chips(this.#conversation.root);
    const gone = chips.filter((chip) => before.get(chip.dataset.key) && !isFree(chip));
    const fresh = chips.filter((chip) => !before.has(chip.dataset.key));
    const words = [];
    if (gone.length) words.push(text(gone.length === 1 ? "takenOne" : "takenMore", { times: listed(gone.map(labelOf)) }));
    if (gone.length && fresh.length) words.push(text("instead", { times: listed(fresh.map(labelOf)) }));
    if (words.length) announce(words.join(" "));
    for (const chip of fresh) {
      chip.dataset.changed = "";
      setTimeout(() => delete chip.dataset.changed, MARKED);
    }
  }
}

function isFree(chip) {
  return chip.getAttribute("aria-disabled") !== "true";
}
