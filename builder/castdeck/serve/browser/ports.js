// The pages that a live terminal's machine serves: a tab for each port, in a frame of no origin in the terminal's place.
import { filled, word } from "../../render/browser/words.js";
import { button, made } from "./live_look.js";

const LOOK_AGAIN = 4000; // milliseconds

export class Ports {
  /** Tabs for `bar`; the pages stand in place of `host`. `ask` asks the server which ports there are; `back` gives the terminal the keys. */
  constructor(host, ask, back) {
    this.host = host;
    this.ask = ask;
    this.back = back;
    this.tabs = made("div", "live-tabs");
    this.tabs.setAttribute("role", "group");
    this.tabs.setAttribute("aria-label", word("terminalAndPages"));
    this.frame = null;
    this.waiting = 0;
    this.known = "";
  }

  /** Look for ports in so many milliseconds, and once more: a program may take a while until it listens. */
  soon(milliseconds) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      this.ask();
      this.waiting = setTimeout(this.ask, LOOK_AGAIN);
    }, milliseconds);
  }

  /** @param {any} answer */
  hear({ ports, at }) {
    const now = JSON.stringify([ports, at]);
    if (!Array.isArray(ports) || now === this.known) return;
    this.known = now;
    const pages = ports.map((port) => {
      const tab = button(String(port), filled("portTitle", port), () => this.show(tab, new URL(`${at}${port}/`, location.href)));
      return tab;
    });
    const own = button(word("terminal"), word("terminalTitle"), () => this.show(own, null));
    this.tabs.replaceChildren(...(pages.length ? [own, ...pages] : []));
    if (this.frame && !ports.some((port) => String(port) === this.frame.dataset.port)) this.show(own, null);
    else this.mark(this.frame?.dataset.port ?? word("terminal"));
  }

  show(tab, address) {
    this.frame?.remove();
    this.frame = null;
    this.host.hidden = Boolean(address);
    this.mark(tab.textContent);
    if (!address) {
      this.back();
      return;
    }
    this.frame = made("iframe", "live-page");
    this.frame.setAttribute("sandbox", "allow-scripts allow-forms allow-modals");
    this.frame.title = tab.title;
    this.frame.dataset.port = tab.textContent;
    this.frame.src = address;
    this.host.after(this.frame);
  }

  mark(name) {
    for (const tab of this.tabs.children) tab.setAttribute("aria-pressed", String(tab.textContent === name));
  }

  close() {
    clearTimeout(this.waiting);
  }
}
