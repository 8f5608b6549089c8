// The connection of a page to the room. It comes back by itself after a cut, at once when the phone is woken.

const FIRST_RETRY = 200; // milliseconds
const LAST_RETRY = 3000;
const SILENCE = 12000; // the server gives a sign of life each four seconds

export class Line {
  /** `role` is the page's, `heard` is called with each message, `connected` with whether the server is there. */
  constructor(role, { heard, connected }) {
    this.address = new URL(`hub/${role}`, location.href);
    this.address.protocol = this.address.protocol.replace("http", "ws");
    this.address.search = this.address.hash = "";
    this.heard = heard;
    this.connected = connected;
    this.retry = FIRST_RETRY;
    this.lastHeard = 0;
    this.open();
    setInterval(() => performance.now() - this.lastHeard > SILENCE && this.again(), SILENCE / 4);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.look());
    addEventListener("online", () => this.look());
  }

  open() {
    clearTimeout(this.waiting);
    this.lastHeard = performance.now();
    const socket = (this.socket = new WebSocket(this.address));
    const isThis = () => this.socket === socket;
    socket.addEventListener("open", () => {
      if (!isThis()) return;
      this.retry = FIRST_RETRY;
      this.connected(true);
    });
    socket.addEventListener("message", ({ data }) => {
      if (!isThis()) return;
      this.lastHeard = performance.now();
      this.heard(JSON.parse(data));
    });
    socket.addEventListener("close", () => {
      if (!isThis()) return;
      this.connected(false);
      this.waiting = setTimeout(() => this.open(), this.retry);
      this.retry = Math.min(2 * this.retry, LAST_RETRY);
    });
  }

  /** Connect anew, whatever the old connection thinks of itself. */
  again() {
    const { socket } = this;
    this.connected(false);
    this.open();
    socket.close();
  }

  /** The page is looked at again: don't wait for the next try. */
  look() {
    if (this.socket.readyState !== WebSocket.OPEN) this.again();
  }

  say(message) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }
}
