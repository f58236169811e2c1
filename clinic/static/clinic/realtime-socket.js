/**
 * The one socket of a page: opened, kept alive, opened again. Knows messages, not what they are about.
 *
 * Says what happens through `handlers`: `welcome(message)`, `message(message)`, `state(name)`. States:
 * `connecting` (at first, and again after a drop), `live`, and for good: `signed-out`, `refused`, `closed`.
 * docs/realtime.md has the protocol.
 */

export const PROTOCOL = "clinic.v1";
const SILENCE = 75_000; // ms without a word, after which a connection counts as dead
const FIRST_DELAY = 200;
const LONGEST_DELAY = 20_000;
const STEADY = 5_000; // ms that a connection must have lasted before the next drop counts as a first one
const READ_EVERY = 100; // event frames between two acknowledgements
const CLOSED_FOR = { 4401: "signed-out", 4400: "refused" };

export class LiveSocket {
  #handlers;
  #url;
  #socket = null;
  #timers = {};
  #attempts = 0;
  #heard = 0;
  #read = 0;
  #beat = 30_000;
  #busy = false; // there were too many: a return of the network does not shorten the wait
  state = "connecting";

  constructor(url, handlers) {
    this.#url = url;
    this.#handlers = handlers;
    addEventListener("online", () => this.#hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.#hurry());
    // A page that is kept for the way back must hold no connection; when it is shown again it takes up where it was.
    for (const name of ["pagehide", "offline"]) addEventListener(name, () => this.#leave());
    addEventListener("pageshow", (event) => event.persisted && this.open());
    this.open();
  }

  get over() {
    return this.state in { "signed-out": 1, refused: 1, closed: 1 };
  }

  open() {
    if (this.#socket !== null || this.over) return;
    clearTimeout(this.#timers.again);
    const socket = new WebSocket(this.#url, [PROTOCOL]);
    this.#socket = socket;
    this.#heard = Date.now();
    this.#read = 0;
    socket.onmessage = (event) => this.#socket === socket && this.#take(event.data);
    socket.onclose = (event) => this.#socket === socket && this.#closed(event.code);
    this.#timers.watch = setInterval(() => this.#watch(), 5_000);
  }

  /** Whether it was sent: what is not is asked for anew after the next welcome. */
  send(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** Closes for good, in a state that says why. */
  close(state = "closed") {
    this.#drop();
    this.#become(state);
  }

  #take(text) {
    this.#heard = Date.now();
    const message = JSON.parse(text);
    if (message.type === "welcome") {
      this.#beat = (message.heartbeat ?? 30) * 1000;
      clearInterval(this.#timers.beat);
      this.#timers.beat = setInterval(() => this.#acknowledge(), this.#beat);
      clearTimeout(this.#timers.steady);
      this.#timers.steady = setTimeout(() => (this.#attempts = 0), STEADY);
      this.#handlers.welcome(message);
      if (!this.over) this.#become("live");
      return;
    }
    if (message.type === "event" && ++this.#read % READ_EVERY === 0) this.#acknowledge();
    if (message.type === "paused") this.#acknowledge();
    this.#handlers.message(message);
  }

  #acknowledge() {
    this.send({ type: "heartbeat", read: this.#read });
  }

  #watch() {
    // By the clock on the wall, which goes on while the machine sleeps; also when somebody has set it back.
    if (Math.abs(Date.now() - this.#heard) > SILENCE) {
      this.#drop();
      this.#again(0);
    }
  }

  #closed(code) {
    this.#drop();
    if (CLOSED_FOR[code]) this.#become(CLOSED_FOR[code]);
    else this.#again(code);
  }

  /** Forgets the socket; what it may still say is heard no more. */
  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    this.#busy = false;
    for (const name of ["beat", "watch"]) clearInterval(this.#timers[name]);
    for (const name of ["steady", "again"]) clearTimeout(this.#timers[name]);
    socket?.close(1000);
  }

  #leave() {
    this.#drop();
    if (!this.over) this.#become("connecting");
  }

  #again(code) {
    this.#become("connecting");
    // Half of the delay is chance: the pages of a server that was started anew do not come back in one moment.
    const full = code === 4429 ? 3 * LONGEST_DELAY : Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#attempts);
    this.#attempts += 1;
    this.#timers.again = setTimeout(() => this.open(), full * (0.5 + Math.random() / 2));
    this.#busy = code === 4429;
  }

  /** The network or the reader is back: no need to wait any longer. */
  #hurry() {
    if (this.#socket !== null) this.#watch();
    else if (!this.#busy) this.open();
  }

  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.#handlers.state(state);
  }
}
