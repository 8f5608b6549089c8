// Typing along: the reader types a terminal's next command, and Enter plays what it really printed. A key that is not the
// command's next one is not taken; after some of them the rest of the word is told. Tab completes the word.
import { terminalOf } from "./terminal.js";
import { word } from "./words.js";

const KEY = { keyCode: 89, key: "Y", description: "Type the next command yourself" };
const TRIES = 3; // wrong keys before the hint

/** Let readers type; `steps` plays. A terminal whose mode is "type" begins by itself. */
export function offerTyping(deck, steps) {
  let typing = null;

  const stop = () => {
    typing?.leave();
    typing = null;
  };
  const start = (terminal) => {
    stop();
    if (terminal && terminal.command < terminal.commands) typing = new Typing(terminal, steps, stop);
  };
  deck.addKeyBinding(KEY, () => (typing ? stop() : start(steps.target)));
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.(".terminal button.type");
    if (button) start(terminalOf(button));
  });
  document.addEventListener("castdeck:terminal", ({ detail: { terminal, why } }) => {
    if (typing?.terminal !== terminal) return;
    if (terminal.command >= terminal.commands && why === "done") stop();
    else typing.follow();
  });
  deck.on("slidechanged", stop);
  return { begin: (section) => start(steps.terminals.find((one) => one.section === section && steps.modeOf(one) === "type")) };
}

class Typing {
  constructor(terminal, steps, leave) {
    this.terminal = terminal;
    this.steps = steps;
    const { frame } = terminal;
    frame.classList.add("typing");
    this.form = document.createElement("form");
    this.form.className = "typed-along";
    this.input = Object.assign(document.createElement("input"), { type: "text", autocomplete: "off", spellcheck: false });
    this.input.setAttribute("autocapitalize", "off");
    this.input.setAttribute("aria-label", word("typeNext"));
    this.input.placeholder = word("typeNext");
    this.hint = document.createElement("output");
    this.form.append(Object.assign(document.createElement("span"), { textContent: "$" }), this.input, this.hint);
    frame.querySelector(".screen").after(this.form);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.enter();
    });
    this.input.addEventListener("input", () => this.check());
    this.hint.addEventListener("click", () => {
      this.complete(); // a phone has no Tab
      this.input.focus({ preventScroll: true });
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Escape") leave();
      else if (event.key === "Tab" && !event.shiftKey && this.rest) this.complete();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    this.follow();
  }

  /** The next command's lines begin anew, unless it is the one that is being typed. */
  follow() {
    const number = this.terminal.command + 1;
    const waits = this.terminal.state !== "playing" && !this.terminal.isHalfway;
    this.form.hidden = !waits;
    if (!waits || number > this.terminal.commands) return;
    if (number !== this.number) {
      this.number = number;
      this.lines = this.terminal.text(number).split("\n");
      this.begin(0);
    }
    this.input.focus({ preventScroll: true });
  }

  begin(line) {
    this.line = line;
    this.wrong = 0;
    this.right = "";
    this.input.value = "";
    this.hint.textContent = "";
  }

  get wanted() {
    return this.lines[this.line];
  }

  /** What is still to be typed of the line. */
  get rest() {
    return this.wanted.slice(this.right.length);
  }

  check() {
    const { value } = this.input;
    if (this.wanted.startsWith(value)) {
      if (value.length > this.right.length) this.wrong = 0;
      this.right = value;
      this.tell("");
      return;
    }
    this.input.value = this.right;
    this.wrong += 1;
    this.form.classList.remove("wrong");
    void this.form.offsetWidth; // begins the movement anew
    this.form.classList.add("wrong");
    if (this.wrong >= TRIES) this.tell(word("typeHint").replace("{}", this.nextWord.trim()));
  }

  get nextWord() {
    return this.rest.match(/^\s*\S*/)?.[0] ?? "";
  }

  complete() {
    this.right += this.nextWord;
    this.input.value = this.right;
    this.wrong = 0;
    this.tell("");
  }

  enter() {
    if (this.rest) {
      this.tell(word("typeHint").replace("{}", this.nextWord.trim()));
    } else if (this.line + 1 < this.lines.length) {
      this.begin(this.line + 1);
    } else {
      this.terminal.isTyped = true;
      this.steps.playCommand(this.terminal, this.number);
    }
  }

  tell(text) {
    this.hint.textContent = text;
  }

  leave() {
    this.terminal.frame.classList.remove("typing");
    this.form.remove();
  }
}
