/**
 * Live sync for a page: one socket, shared by all subscriptions. An ES module without dependencies.
 *
 *   const live = connect();                        // the page's connection; the same one whoever asks
 *   live.onstate((state) => …);                    // "connecting", "live", "signed-out", "refused", "closed"
 *   const own = live.ownAppointments({
 *     created: (event) => …,                       // event: {channel, position, previous, kind, at, data}
 *     updated: (event) => …, deleted: (event) => …,
 *     refetch: () => …,                            // too much was missed to tell it: fetch what is shown
 *     error: ({ code, message }) => …,             // the channel may not be had: nothing more will come
 *   });
 *   own.refresh();                                 // ask for what is new, and fetch what is shown
 *   own.unsubscribe();
 *
 * A callback is called once for each event, in order. Events hold ids, kinds, status and times; what is shown is fetched
 * under the reader's own rights. The page says the position that it was made with in `<body data-position>`; without it
 * `refetch` is called once when the subscription stands. docs/realtime-browser.md has examples.
 */

import { LiveSocket } from "./realtime-socket.js";

const ASK_LATER = 2_000; // ms until a channel is asked for again that is unavailable for now
let shared = null;

/** The connection of this page, opened at the first call. */
export function connect() {
  if (shared === null || shared.state === "closed") shared = new Connection();
  return shared;
}

class Connection {
  #channels = new Map();
  #watchers = new Set();
  #socket;
  #user = document.body.dataset.user;
  #madeWith = document.body.dataset.position ? Number(document.body.dataset.position) : null;

  constructor() {
    const url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/`;
    this.#socket = new LiveSocket(url, {
      welcome: (message) => this.#welcome(message),
      message: (message) => this.#message(message),
      state: (state) => this.#watchers.forEach((watcher) => safely(watcher, state)),
    });
  }

  get state() {
    return this.#socket.state;
  }

  get connected() {
    return this.state === "live";
  }

  /** Calls `watcher` with each new state; gives back what ends that. */
  onstate(watcher) {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** By role: a patient's own, a dentist's schedule, all for the front desk and admins. */
  appointments(callbacks) {
    return this.subscribe("appointments", callbacks);
  }

  /** What is booked under one's own account, whatever one's role. */
  ownAppointments(callbacks) {
    return this.subscribe("appointments:own", callbacks);
  }

  /** When a dentist can be booked, or anybody (null); `changed(event)` for each change. */
  availability(dentistId, callbacks) {
    return this.subscribe(dentistId ? `availability:${dentistId}` : "availability", callbacks);
  }

  /** One visit; `token` is that of its private link, null for whoever is signed in. */
  visit(id, token, callbacks) {
    return this.subscribe(`visit:${id}`, callbacks, token);
  }

  conversation(id, callbacks) {
    return this.subscribe(`conversation:${id}`, callbacks);
  }

  /** Every event, for admins. */
  sync(callbacks) {
    return this.subscribe("sync", callbacks);
  }

  /** Any channel by its name. Of an event `kind` "appointment.created" calls `created`; `changed` is called for all. */
  subscribe(name, callbacks, token = null) {
    let channel = this.#channels.get(name);
    if (!channel) {
      channel = { name, token, last: this.#madeWith, asked: false, subscriptions: new Set() };
      this.#channels.set(name, channel);
      this.#ask(channel);
    }
    const subscription = {
      channel: name,
      callbacks,
      unsubscribe: () => this.#leave(channel, subscription),
      refresh: () => {
        this.#ask(channel);
        safely(callbacks.refetch);
      },
    };
    channel.subscriptions.add(subscription);
    // What the others were told already, this one was not: it fetches what it shows.
    if (channel.last !== this.#madeWith) {
      queueMicrotask(() => channel.subscriptions.has(subscription) && safely(callbacks.refetch));
    }
    return subscription;
  }

  /** Ends all of it. The next `connect()` begins anew. */
  close() {
    this.#channels.clear();
    this.#socket.close();
  }

  #ask(channel) {
    clearTimeout(channel.later);
    const message = { type: "subscribe", channel: channel.name };
    if (channel.last !== null) message.position = channel.last;
    if (channel.token) message.token = channel.token;
    channel.asked = this.connected && this.#socket.send(message);
  }

  #leave(channel, subscription) {
    channel.subscriptions.delete(subscription);
    if (channel.subscriptions.size || this.#channels.get(channel.name) !== channel) return;
    this.#channels.delete(channel.name);
    clearTimeout(channel.later);
    this.#socket.send({ type: "unsubscribe", channel: channel.name });
  }

  #welcome({ user }) {
    const known = user ?? "";
    // Not the one whom the page was made for: signed out, or signed in as somebody else, in another tab.
    if (this.#user && this.#user !== known) return this.#socket.close("signed-out");
    this.#user = known;
    queueMicrotask(() => this.#channels.forEach((channel) => this.#ask(channel)));
  }

  #message(message) {
    if (message.type === "heartbeat") return this.#compare(message.channels ?? {});
    const channel = this.#channels.get(message.channel);
    if (!channel) return message.type === "error" && console.warn(`live sync: ${message.code}, ${message.message}`);
    if (message.type === "subscribed") this.#subscribed(channel, message.position);
    if (message.type === "event") this.#event(channel, message);
    if (message.type === "refetch") {
      channel.last = message.position;
      tell(channel, "refetch");
    }
    if (message.type === "error") this.#refused(channel, message);
  }

  #subscribed(channel, position) {
    channel.asked = false;
    if (channel.last !== null) return; // what was missed comes by itself
    channel.last = position;
    tell(channel, "refetch"); // what happened while the page was on its way is not known
  }

  #event(channel, event) {
    if (channel.last !== null && event.position <= channel.last) return;
    if (channel.last !== null && event.previous > channel.last) {
      // Something is missing before this one: it will come with it.
      if (!channel.asked) this.#ask(channel);
      return;
    }
    channel.last = event.position;
    const [about, what] = event.kind.split(".");
    if (about === "appointment") tell(channel, what, event);
    tell(channel, "changed", event);
  }

  #compare(positions) {
    for (const [name, position] of Object.entries(positions)) {
      const channel = this.#channels.get(name);
      if (channel?.last !== null && channel && position > channel.last && !channel.asked) this.#ask(channel);
    }
  }

  #refused(channel, { code, message }) {
    channel.asked = false;
    if (code === "unavailable") {
      channel.later = setTimeout(() => this.#ask(channel), ASK_LATER * (1 + Math.random()));
      return;
    }
    this.#channels.delete(channel.name);
    tell(channel, "error", { code, message });
  }
}

function tell(channel, name, ...what) {
  for (const { callbacks } of [...channel.subscriptions]) safely(callbacks[name], ...what);
}

/** One callback that fails keeps nothing from the others. */
function safely(callback, ...what) {
  try {
    callback?.(...what);
  } catch (error) {
    reportError(error);
  }
}
