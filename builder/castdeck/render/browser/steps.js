// A slide's commands are reveal.js's fragments, so that whatever goes on or back goes through them: keys, a clicker, a
// finger, the speaker view, the address. What reveal.js shows and hides is played and taken back here.
import { terminalsOf } from "./terminal.js";

const KEY_TOGGLE = { keyCode: 84, key: "T", description: "Play or pause the terminal" };
const KEY_ALL = { keyCode: 69, key: "E", description: "Play the terminal to its end" };

export class Steps {
  /** `reveal` is the deck, `isStill` true where nothing moves: commands show their end at once. */
  constructor(reveal, mode, isStill) {
    this.reveal = reveal;
    this.mode = mode;
    this.isStill = isStill;
    this.section = null;
    this.left = new Map(); // by section, the step at which it was left
    this.runs = null; // the terminal that plays all of its commands
    reveal.on("fragmentshown", () => this.follow());
    reveal.on("fragmenthidden", () => this.follow());
    document.addEventListener("castdeck:terminal", ({ detail }) => detail.why === "done" && this.goOn(detail.terminal));
    reveal.addKeyBinding(KEY_TOGGLE, () => this.toggle());
    reveal.addKeyBinding(KEY_ALL, () => this.playAll());
    for (const name of ["next", "right", "down"]) this.finishBefore(name);
  }

  /** The terminals that can be seen. */
  get terminals() {
    return terminalsOf(this.section).filter((terminal) => !terminal.isHidden);
  }

  modeOf(terminal) {
    return terminal.frame.dataset.play ?? this.mode;
  }

  /** The slide is shown: its terminals stand where reveal.js's fragments say, or where they were left. */
  enter(section) {
    if (this.reveal.isFirstSlide()) this.left.clear();
    const isNew = section !== this.section;
    this.section = null;
    for (const terminal of terminalsOf(section)) {
      if (this.modeOf(terminal) !== "manual") continue;
      terminal.frame.querySelectorAll(".command").forEach((command) => command.classList.remove("fragment", "visible"));
    }
    const left = this.left.get(section);
    if (left !== undefined && left !== this.reveal.getIndices().f) this.reveal.navigateFragment(left);
    this.section = section;
    for (const terminal of terminalsOf(section)) {
      const command = terminal.isStepwise ? reached(terminal) : terminal.command;
      if (command !== terminal.command || (isNew && command)) terminal.show(command);
    }
    this.playByItself();
  }

  /** The slide is left: nothing goes on there. */
  leave(section) {
    this.runs = null;
    for (const terminal of terminalsOf(section)) if (terminal.state === "playing") terminal.show(terminal.command);
  }

  /** Bring the terminals to where the fragments are; one more command is played, anything else shown at once. */
  follow() {
    const section = this.reveal.getCurrentSlide();
    if (terminalsOf(section).some((terminal) => terminal.isStepwise)) this.left.set(section, this.reveal.getIndices().f);
    if (section !== this.section) return;
    for (const terminal of terminalsOf(section)) {
      if (!terminal.isStepwise) continue;
      const command = reached(terminal);
      if (command === terminal.command) continue;
      if (command < terminal.command) this.runs = null;
      if (command === terminal.command + 1 && !this.isStill) terminal.play(command);
      else terminal.show(command);
    }
    this.playByItself();
  }

  /** With `play: auto` a terminal that is seen and was not played yet begins. */
  playByItself() {
    if (this.runs || /receiver/i.test(location.search)) return;
    const terminal = this.terminals.find((one) => this.modeOf(one) === "auto" && one.state === "code");
    if (terminal && !this.isStill) this.run(terminal);
  }

  run(terminal) {
    this.runs = terminal;
    this.playNext(terminal);
  }

  /** Play a terminal's next command; of one that has none left, all again. */
  playNext(terminal) {
    if (!terminal.isStepwise) {
      if (this.isStill) terminal.show(terminal.commands);
      else terminal.play(1);
      return;
    }
    const commands = [...terminal.frame.querySelectorAll(".command.fragment")];
    const next = commands.find((command) => !command.classList.contains("visible"));
    if (next) this.reveal.navigateFragment(Number(next.dataset.fragmentIndex));
    else this.again(terminal, commands[0]);
  }

  /** Go to one command of a terminal, and play it. */
  playCommand(terminal, number) {
    this.runs = null;
    if (!terminal.isStepwise) {
      if (this.isStill) terminal.show(number);
      else terminal.play(number);
      return;
    }
    const command = terminal.frame.querySelectorAll(".command.fragment")[number - 1];
    if (!command) return;
    const index = Number(command.dataset.fragmentIndex);
    if (terminal.command >= number || terminal.command < number - 1) this.reveal.navigateFragment(index - 1);
    this.reveal.navigateFragment(index);
  }

  again(terminal, first) {
    this.reveal.navigateFragment(Number(first.dataset.fragmentIndex) - 1);
    this.playNext(terminal);
  }

  goOn(terminal) {
    if (this.runs !== terminal) return;
    if (terminal.command < terminal.commands && terminal.section === this.section) this.playNext(terminal);
    else this.runs = null;
    if (!this.runs) this.playByItself();
  }

  /** The terminal that a key is for: the one that plays, or the first that has something left. */
  get target() {
    const shown = this.terminals;
    return (
      shown.find((one) => one.state === "playing" || one.isHalfway) ??
      shown.find((one) => one.state !== "ended") ??
      shown.at(-1)
    );
  }

  toggle(terminal = this.target) {
    if (!terminal) return;
    if (terminal.state === "playing" || terminal.isHalfway) terminal.hold();
    else this.playNext(terminal);
  }

  playAll(terminal = this.target) {
    if (!terminal) return;
    this.runs = terminal;
    if (terminal.isHalfway) terminal.hold();
    else if (terminal.state !== "playing") this.playNext(terminal);
  }

  /** Show the end of the whole terminal at once. */
  skip(terminal = this.target) {
    this.runs = null;
    if (!terminal) return;
    if (terminal.isStepwise) this.showAll(terminal);
    if (terminal.state !== "ended" || terminal.isHalfway) terminal.show(terminal.commands);
  }

  /** Show the end of what plays, where the next key plays; whether something did. */
  finish() {
    this.runs = null;
    const playing = this.terminals.find((one) => one.isStepwise && (one.state === "playing" || one.isHalfway));
    playing?.show(playing.command);
    if (playing && this.modeOf(playing) === "auto") this.showAll(playing);
    return Boolean(playing);
  }

  showAll(terminal) {
    const last = [...terminal.frame.querySelectorAll(".command.fragment")].at(-1);
    if (last) this.reveal.navigateFragment(Number(last.dataset.fragmentIndex));
  }

  /** What goes on shows the end of a command that plays first; the next time it goes on. */
  finishBefore(name) {
    const go = this.reveal[name];
    const finishing = (options) => {
      if (options?.skipFragments || this.reveal.isOverview() || !this.finish()) go(options);
    };
    this.reveal[name] = finishing;
    if (window.Reveal) window.Reveal[name] = finishing;
  }
}

/** How many commands of a terminal reveal.js has shown. */
function reached(terminal) {
  return terminal.frame.querySelectorAll(".command.fragment.visible").length;
}

