// The connection of one live terminal: binary messages, the first byte says of what kind (terminals/wire.py has them all).
// One that is cut is made again, and goes on at the byte where it was.
import { word } from "../../render/browser/words.js";

const RETRY_FOR = 60000; // milliseconds: the server keeps the machine no longer
const RETRY_EACH = [200, 500, 1000, 2000];
const TELL_EACH = 64 * 1024; // bytes
const FINAL = { 1008: word("refused"), 4403: word("reload"), 4409: word("usedElsewhere") };
const NORMAL = 1000;

export class Wire {
  /**
   * `hello` says which terminal. `hears` has a function for each kind: output(bytes), reset(bytes), progress(text),
   * state(value), answer(value), and ended(why) for the end of the connection. `path` is the server's address for it,
   * `endings` why it closes a connection for good, by code.
   */
  constructor(hello, hears, { path = "terminal", endings = FINAL } = {}) {
    this.path = path;
    this.endings = endings;
    this.hello = hello;
    this.hears = hears;
    this.received = this.shown = this.told = 0;
    this.replayed = 0; // what was shown before, up to there, is shown again
    this.tries = 0;
    this.lostAt = 0;
    this.isOver = false;
    this.online = () => this.again();
    addEventListener("online", this.online);
    this.connect();
  }

  connect() {
    const address = new URL(this.path, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    address.search = address.hash = "";
    const socket = (this.socket = new WebSocket(address));
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => this.sendObject("h", { ...this.hello, from: this.received }));
    socket.addEventListener("message", ({ data }) => this.socket === socket && this.hear(new Uint8Array(data)));
    socket.addEventListener("close", ({ code }) => this.socket === socket && this.lost(code));
  }

  /** The network is back: what was open then may be dead without a word. */
  again() {
    if (this.isOver) return;
    clearTimeout(this.waiting);
    const { socket } = this;
    this.connect();
    socket.close();
  }

  lost(code) {
    if (this.isOver) return;
    this.lostAt ||= performance.now();
    if (code === NORMAL || code in this.endings || performance.now() - this.lostAt > RETRY_FOR) {
      this.close();
      this.hears.ended(this.endings[code] ?? "");
      return;
    }
    this.hears.progress(word("connectingAgain"));
    this.waiting = setTimeout(() => this.connect(), RETRY_EACH[Math.min(this.tries++, RETRY_EACH.length - 1)]);
  }

  hear(message) {
    this.tries = this.lostAt = 0;
    const rest = message.subarray(1);
    const kind = String.fromCharCode(message[0]);
    if (kind === "o") {
      this.received += rest.length;
      this.hears.output(rest);
    } else if (kind === "x") this.hears.reset(rest);
    else if (kind === "p") this.hears.progress(decoded(rest));
    else if (kind === "k") this.hears.answer(JSON.parse(decoded(rest)));
    else if (kind === "s") this.hearState(JSON.parse(decoded(rest)));
  }

  hearState(state) {
    if ("id" in state) this.hello.id = state.id;
    if ("end" in state) this.replayed = state.end;
    if ("at" in state) this.received = this.shown = this.told = state.at;
    this.hears.state(state);
  }

  /** Whether what is shown is old: what xterm.js answers to it has been answered. */
  get isReplaying() {
    return this.shown < this.replayed;
  }

  /** So many bytes more are on the screen. */
  hasShown(bytes) {
    this.shown += bytes;
    if (this.shown - this.told < TELL_EACH) return;
    this.told = this.shown;
    this.sendObject("a", { at: this.shown });
  }

  type(data) {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    for (let begin = 0; begin < bytes.length; begin += 16384) this.send("i", bytes.subarray(begin, begin + 16384));
  }

  resize(cols, rows) {
    Object.assign(this.hello, { cols, rows });
    this.sendObject("r", { cols, rows });
  }

  /** Ask for something: "end", "cast", "keep", "write". */
  ask(what, values = {}) {
    this.sendObject("d", { do: what, ...values });
  }

  sendObject(kind, value) {
    this.send(kind, new TextEncoder().encode(JSON.stringify(value)));
  }

  send(kind, bytes) {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    const message = new Uint8Array(bytes.length + 1);
    message[0] = kind.charCodeAt(0);
    message.set(bytes, 1);
    this.socket.send(message);
  }

  close() {
    this.isOver = true;
    clearTimeout(this.waiting);
    removeEventListener("online", this.online);
    this.socket.close();
  }
}

function decoded(bytes) {
  return new TextDecoder().decode(bytes);
}
