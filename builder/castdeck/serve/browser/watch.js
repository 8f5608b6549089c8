// A terminal that another page holds, as it is there: same size, letters as large as fit.
import { word } from "../../render/browser/words.js";
import { button, made } from "./live_look.js";
import { makeXterm } from "./screen.js";
import { Wire } from "./wire.js";

const LOOK = { font: "ui-monospace, monospace", size: 16, line: 1.25, colours: { background: "#12141a", foreground: "#f2f3f7", cursor: "#f2f3f7" } };
const LETTER = 0.6; // of its height, about
const ENDED = { 4403: word("notShared"), 4409: word("sharedNoMore"), 1008: word("refused") };

export class Watch {
  /** `path` is the server's address for it, `id` what is asked for there; `gone` is called when it is over. */
  constructor(path, token, id, title, gone) {
    this.gone = gone;
    this.term = this.wire = null; // once xterm.js is there
    this.element = document.body.appendChild(made("section", "live watch"));
    this.element.dataset.state = "running";
    this.element.setAttribute("aria-label", title);
    this.says = made("span");
    this.says.textContent = title;
    const bar = made("div", "live-bar");
    bar.append(this.says, button(word("close"), word("closeTitle"), () => this.close()));
    this.host = made("div", "live-host");
    this.element.append(bar, this.host);
    this.open(path, { token, id, block: "", command: 0 });
  }

  async open(path, hello) {
    Object.assign(this, await makeXterm(this.host, LOOK, () => {}));
    if (this.isGone) return;
    this.term.onKey(({ key }) => this.wire.type(key)); // and not onData: it answers programs, too
    this.wire = new Wire({ ...hello, cols: 80, rows: 24 }, {
      output: (bytes) => this.term.write(bytes, () => this.wire.hasShown(bytes.length)),
      reset: (bytes) => this.term.write(bytes),
      progress: () => {},
      answer: () => {},
      state: (state) => this.hearState(state),
      ended: (why) => this.close(why),
    }, { path, endings: ENDED });
    this.resized = () => this.fitLetters();
    addEventListener("resize", this.resized);
  }

  /** @param {any} said */
  hearState({ state, cols, rows }) {
    if (state === "ended") this.close(word("machineEnded"));
    if (!cols || this.isGone) return;
    this.term.resize(cols, rows);
    this.fitLetters();
  }

  fitLetters() {
    const { clientWidth, clientHeight } = this.host;
    const across = (clientWidth - 24) / this.term.cols / LETTER;
    const down = (clientHeight - 12) / this.term.rows / LOOK.line;
    this.term.options.fontSize = Math.max(6, Math.floor(Math.min(across, down, 28)));
  }

  close(why = "") {
    if (this.isGone) return;
    this.isGone = true;
    removeEventListener("resize", this.resized);
    this.wire?.close();
    this.term?.dispose();
    this.element.remove();
    this.gone(why);
  }
}
