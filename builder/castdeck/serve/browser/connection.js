// Between one page of the deck, behind its port, and the server: changes go to the page, its slide's number to the server.
import { readMessage } from "./said.js";

const FIRST_RETRY = 150; // milliseconds
const LAST_RETRY = 2000;

export class Connection {
  /** `told` hears of each change, `heard` of what the page says, `connected` whether the server is there. */
  constructor(address, port, { connected, heard, told }) {
    this.address = address;
    this.port = port;
    this.connected = connected;
    this.heard = heard;
    this.told = told;
    this.retry = FIRST_RETRY;
    this.socket = null;
    port.onmessage = ({ data }) => this.hear(readMessage(data));
    this.connect();
  }

  connect() {
    const address = new URL("live", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    address.search = address.hash = "";
    const socket = (this.socket = new WebSocket(address));
    socket.addEventListener("open", () => {
      this.retry = FIRST_RETRY;
      this.connected(true);
      this.say({ tell: true });
    });
    socket.addEventListener("message", ({ data }) => {
      const change = JSON.parse(data);
      this.told(change);
      this.say({ change });
    });
    socket.addEventListener("close", () => {
      if (this.socket !== socket) return;
      this.connected(false);
      this.waiting = setTimeout(() => this.connect(), this.retry);
      this.retry = Math.min(2 * this.retry, LAST_RETRY);
    });
  }

  hear(message) {
    if (!message) return;
    if ("shown" in message) this.send({ ...message.shown, key: this.address.split("/").at(-2) });
    if ("at" in message) this.send({ at: message.at });
    this.heard(message);
  }

  /** Tell the server. */
  send(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /** Tell the page. */
  say(message) {
    this.port.postMessage(message);
  }

  close() {
    const { socket } = this;
    this.socket = null;
    clearTimeout(this.waiting);
    socket?.close();
    this.port.close();
  }
}
