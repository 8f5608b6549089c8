// One live terminal: its machine's screen, and what a person can do with it.
import { filled, word } from "../../render/browser/words.js";
import { button, made } from "./live_look.js";
import { Ports } from "./ports.js";
import { makeXterm, xtermLook } from "./screen.js";
import { Typed } from "./typed.js";
import { Wire } from "./wire.js";

const KEYS = { Esc: "\x1b", Tab: "\t", "←": "\x1b[D", "↓": "\x1b[B", "↑": "\x1b[A", "→": "\x1b[C" };
const LEAVE = "Ctrl+]";
const [LOOK_SOON, LOOK_LATER] = [300, 1500]; // milliseconds until it is asked which ports the machine has
const READER = "castdeck-screen-reader";

export class LiveTerminal {
  constructor(hello, box, owner) {
    this.hello = hello;
    this.box = box;
    this.owner = owner;
    this.term = this.fit = this.typed = this.wire = null; // once xterm.js is there
    this.element = document.body.appendChild(made("section", "live"));
    this.element.setAttribute("aria-label", filled("liveTerminal", LEAVE));
    this.says = made("span");
    this.says.setAttribute("role", "status");
    const bar = made("div", "live-bar");
    this.host = made("div", "live-host");
    this.ports = new Ports(this.host, () => this.element.dataset.state === "running" && this.wire?.ask("ports"), () => this.focus());
    bar.append(this.says, this.ports.tabs, ...this.buttons());
    this.element.append(bar, this.host, this.keys());
    this.become("starting", word("starting"));
    this.place(box);
    this.ready = this.open();
  }

  buttons() {
    const reader = button(word("reader"), word("readerTitle"), () => this.toggleReader(reader));
    reader.setAttribute("aria-pressed", String(Boolean(localStorage.getItem(READER))));
    this.check = button(word("check"), word("checkTitle"), () => this.askCheck());
    this.check.hidden = true;
    this.showing = button(word("show"), word("showTitle"), () => this.toggleShown());
    this.showing.hidden = true;
    this.showing.setAttribute("aria-pressed", "false");
    return [
      this.check,
      this.showing,
      button(word("keep"), word("keepTitle"), () => this.ask("keep")),
      button(word("save"), word("saveLiveTitle"), () => this.wire?.ask("cast")),
      reader,
      button(word("afresh"), word("afreshTitle"), () => this.owner.afresh(this)),
      button(word("putBack"), word("putBackTitle"), () => this.owner.putBack(this)),
      button(word("slides"), filled("toSlidesTitle", LEAVE), () => this.owner.leave()),
    ];
  }

  /** What a phone's keyboard has not. */
  keys() {
    const keys = made("div", "live-keys");
    this.control = button("Ctrl", word("controlTitle"), () => this.holdControl(this.control.getAttribute("aria-pressed") !== "true"));
    const others = Object.entries(KEYS).map(([name, text]) => button(name, name, () => this.press(text)));
    keys.append(this.control, ...others);
    return keys;
  }

  holdControl(is) {
    this.control.setAttribute("aria-pressed", String(is));
    this.term?.focus();
  }

  press(text) {
    this.wire?.type(text);
    this.term?.focus();
  }

  async open() {
    try {
      Object.assign(this, await makeXterm(this.host, this.box.look, openOutside));
    } catch (error) {
      this.become("ended", String(error.message ?? error));
      return;
    }
    if (this.isGone) return;
    this.typed = new Typed(this.term, () => this.ports.soon(LOOK_SOON));
    this.term.options.screenReaderMode = Boolean(localStorage.getItem(READER));
    this.term.attachCustomKeyEventHandler((event) => this.takesKey(event));
    this.term.onData((data) => {
      if (this.wire.isReplaying) return;
      this.wire.type(this.withControl(data));
      if (data.includes("\r")) this.ports.soon(LOOK_LATER); // what runs on may have opened one
    });
    this.term.onBinary((data) => this.wire.type(Uint8Array.from(data, (one) => one.charCodeAt(0))));
    this.term.onResize(({ cols, rows }) => this.wire?.resize(cols, rows));
    this.fit.fit();
    const { cols, rows } = this.term;
    this.wire = new Wire({ ...this.hello, cols, rows }, {
      output: (bytes) => this.term.write(bytes, () => this.wire.hasShown(bytes.length)),
      reset: (bytes) => this.term.write(bytes),
      progress: (text) => this.become(this.element.dataset.state, text),
      state: (state) => this.hearState(state),
      answer: (answer) => this.hearAnswer(answer),
      ended: (why) => this.hearState({ state: "ended", why }),
    });
  }

  withControl(data) {
    if (this.control.getAttribute("aria-pressed") !== "true" || data.length !== 1) return data;
    this.holdControl(false);
    return String.fromCharCode(data.toUpperCase().charCodeAt(0) & 31);
  }

  takesKey(event) {
    if (event.ctrlKey && !event.altKey && (event.key === "]" || event.code === "BracketRight")) {
      event.preventDefault();
      if (event.type === "keydown") this.owner.leave();
      return false;
    }
    const copies = event.ctrlKey && ((event.shiftKey && event.code === "KeyC") || event.key === "Insert");
    if (copies && this.term.hasSelection()) {
      event.preventDefault();
      if (event.type === "keydown") navigator.clipboard?.writeText(this.term.getSelection());
      return false;
    }
    return !(event.ctrlKey && event.shiftKey && event.code === "KeyV"); // the browser pastes
  }

  /** @param {any} said */
  hearState({ id, state, why, check }) {
    if (check !== undefined) this.check.hidden = !check;
    this.showing.hidden = !this.owner.show;
    if (id) this.owner.remember(this.hello.block, id);
    if (state === "running") this.ports.soon(LOOK_SOON);
    if (state === "running") this.become("running", filled("liveNow", LEAVE));
    if (state === "ended") {
      this.become("ended", why ? filled("hasEndedWhy", why) : word("hasEnded"));
      this.owner.remember(this.hello.block, "");
      this.wire?.close();
    }
  }

  hearAnswer(answer) {
    if (answer.do === "check") this.check.disabled = false;
    if (answer.do === "ports") this.ports.hear(answer);
    else if (answer.failed) this.become(this.element.dataset.state, answer.failed);
    else if (answer.do === "check") this.become(this.element.dataset.state, answer.done ? word("done") : answer.hint);
    else if (answer.do === "cast") download(`${this.hello.block}-live.cast`, answer.text);
    else if (answer.do === "keep") showDiff(answer.diff, () => this.ask("write", { diff: answer.diff }));
    else if (answer.do === "write") this.become(this.element.dataset.state, word("kept"));
  }

  toggleShown() {
    const is = this.showing.getAttribute("aria-pressed") !== "true";
    for (const other of this.owner.all.values()) other.showing.setAttribute("aria-pressed", String(is && other === this));
    this.owner.show?.(is ? this.wire?.hello.id ?? "" : "");
    this.focus();
  }

  askCheck() {
    this.check.disabled = true;
    this.become(this.element.dataset.state, word("checking"));
    this.wire?.ask("check");
  }

  ask(what, values = {}) {
    const commands = this.typed?.commands.map(({ text }) => text) ?? [];
    if (commands.length) this.wire?.ask(what, { commands, ...values });
    else this.become(this.element.dataset.state, word("noCommands"));
  }

  become(state, text) {
    this.element.dataset.state = state;
    this.says.textContent = text;
  }

  toggleReader(reader) {
    const is = reader.getAttribute("aria-pressed") !== "true";
    reader.setAttribute("aria-pressed", String(is));
    localStorage.setItem(READER, is ? "1" : "");
    this.term.options.screenReaderMode = is;
    this.term.focus();
  }

  /** Stand there; nowhere where the slide is not shown. */
  place(box) {
    this.element.hidden = !box;
    if (!box) return;
    const isOther = JSON.stringify(box) !== JSON.stringify(this.box);
    this.box = box;
    const { x, y, width, height } = box;
    Object.assign(this.element.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px`, background: box.look.colours.background });
    if (!this.term || !isOther) return;
    Object.assign(this.term.options, xtermLook(box.look));
    this.fit.fit();
  }

  async focus() {
    await this.ready;
    this.term?.focus();
  }

  remove() {
    this.isGone = true;
    this.wire?.ask("end");
    this.wire?.close();
    this.ports.close();
    this.term?.dispose();
    this.element.remove();
  }
}

function showDiff(diff, write) {
  const dialog = document.body.appendChild(made("dialog", "keep-dialog"));
  const text = made("pre");
  text.textContent = diff;
  const answer = (is) => () => {
    dialog.close();
    dialog.remove();
    if (is) write();
  };
  dialog.append(text, button(word("keepWrite"), "", answer(true)), button(word("keepLeave"), "", answer(false)));
  dialog.showModal();
}

function openOutside(address) {
  if (/^https?:\/\//i.test(address) && confirm(filled("openLink", address))) window.open(address, "_blank", "noopener,noreferrer");
}

function download(name, text) {
  const link = document.createElement("a");
  link.download = name;
  link.href = URL.createObjectURL(new Blob([text]));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
