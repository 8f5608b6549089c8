// One recorded block: shows its commands until it is played, then the player in the same place.

const JUST_AFTER = 0.001; // seconds
const MOST_PLAYERS = 6;
const terminals = new WeakMap();
const mounted = [];

/** The terminals of a slide, in the order of the page. */
export function terminalsOf(section) {
  return section ? [...section.querySelectorAll(".terminal")].map(terminalOf) : [];
}

/** The terminal that an element is, or is a part of. */
export function terminalOf(element) {
  const frame = element.closest(".terminal");
  if (!terminals.has(frame)) terminals.set(frame, new Terminal(frame));
  return terminals.get(frame);
}

/** Let go of the players of terminals that leave the page. */
export function unmount(element) {
  for (const frame of [element, ...element.querySelectorAll(".terminal")]) {
    terminals.get(frame)?.unmount();
    terminals.delete(frame);
  }
}

/**
 * `state` is "code", "playing", "paused" or "ended", and stands in the frame's data-state; `command` is the number of the
 * command that plays or has been played last, 0 before the first. What changes either is told to the document by a
 * "castdeck:terminal" event, with why: "done" when a command has come to its end.
 */
class Terminal {
  constructor(frame) {
    this.frame = frame;
    this.player = null;
    this.command = 0;
    this.commands = Math.max(1, frame.querySelectorAll(".command").length);
    this.plays = false; // a command is playing, and its end is awaited
    this.isHalfway = false;
    this.speed = 1;
    this.isTyped = false; // the reader has typed the command that plays next
    this.length = 0; // of the recording, in seconds, once it was asked for
    this.queue = Promise.resolve();
  }

  get state() {
    return this.frame.dataset.state;
  }

  /** Whether its commands are steps of the slide. */
  get isStepwise() {
    return Boolean(this.frame.querySelector(".command.fragment"));
  }

  get section() {
    return this.frame.closest("section");
  }

  /** Whether it stands in a step of the slide that is still to come. */
  get isHidden() {
    return Boolean(this.frame.closest(".fragment:not(.visible)"));
  }

  /** The text of a command, counted from 1; "" where there is none. */
  text(number) {
    return this.frame.querySelectorAll(".command .typed code")[number - 1]?.textContent ?? "";
  }

  /** Make the player; nothing is seen of it until it plays. */
  mount() {
    if (this.player) return;
    const [header, ...all] = JSON.parse(this.frame.querySelector("script").textContent);
    const events = all.map((event) => event.slice(0, 3));
    const marks = events.filter((event) => event[1] === "m");
    this.entered = marks.map(([time]) => events.find((event) => event[0] >= time && event[1] === "o" && event[2].includes("\n"))?.[0] ?? time);
    this.stops = marks.slice(1).map((event) => event[0] + JUST_AFTER);
    this.size = sizeOf(this.frame);
    const [cols, rows] = this.size.split("x");
    const { fontSize, lineHeight } = getComputedStyle(this.frame.querySelector(".commands"));
    this.player = AsciinemaPlayer.create(
      { data: [header, ...events.filter((event) => event !== marks[0])] },
      this.frame.querySelector(".player"),
      {
        cols: Number(cols),
        rows: Number(rows),
        terminalLineHeight: parseFloat(lineHeight) / parseFloat(fontSize),
        speed: this.speed,
        fit: false,
        terminalFontSize: "1em",
        theme: "castdeck",
        controls: false,
        cursorMode: "steady",
        pauseOnMarkers: this.isStepwise,
        preload: true,
        logger: quiet,
      },
    );
    for (const focusable of this.frame.querySelectorAll(".player [tabindex]")) focusable.tabIndex = -1;
    this.player.addEventListener("pause", () => this.plays && this.finished(this.command));
    this.player.addEventListener("ended", () => this.plays && this.finished(this.commands));
    mounted.push(this);
    this.frame.querySelector(".last-screen").hidden = true;
    if (mounted.length > MOST_PLAYERS) mounted.find((other) => other.section !== this.section)?.unmount();
  }

  /** Let go of the player; the last screen, or the code, stays. */
  unmount() {
    if (!this.player) return;
    mounted.splice(mounted.indexOf(this), 1);
    this.plays = false;
    this.player.dispose();
    this.player = null;
    this.frame.querySelector(".last-screen").hidden = this.command < this.commands;
    if (this.command < this.commands) {
      this.command = 0;
      this.become("code");
    }
  }

  /** Show at once how it stands after so many commands. */
  show(command) {
    this.command = command;
    this.plays = this.isHalfway = false;
    this.become(command === 0 ? "code" : command >= this.commands ? "ended" : "paused");
    if (command === 0 && !this.player) return this.queue;
    return this.then(async () => {
      if (this.command !== command || this.plays) return;
      await this.player.pause();
      await this.player.seek(this.end(command));
    });
  }

  /** Play a command from its beginning to its end. */
  play(command) {
    this.command = command;
    this.isHalfway = false;
    this.plays = false;
    this.become("playing");
    return this.then(async () => {
      if (this.command !== command || this.state !== "playing") return;
      await this.player.pause();
      const begin = command > 1 ? this.end(command - 1) : 0;
      await this.player.seek(this.isTyped ? this.entered[command - 1] : begin);
      this.isTyped = false;
      this.plays = true;
      await this.player.play();
    });
  }

  /** How long the whole recording takes, in seconds. */
  get duration() {
    this.length ||= JSON.parse(this.frame.querySelector("script").textContent).at(-1)[0] ?? 0;
    return this.length;
  }

  /** Where it is, in seconds. */
  get time() {
    return this.player?.getCurrentTime() ?? 0;
  }

  /** Hold what plays where it is, or at a time in seconds; or go on with it. */
  hold(time) {
    this.plays = this.isHalfway ? this.plays : false;
    this.isHalfway = !this.isHalfway;
    this.become(this.isHalfway ? "paused" : "playing");
    const isHalfway = this.isHalfway;
    return this.then(async () => {
      if (this.isHalfway !== isHalfway) return;
      if (isHalfway) {
        await this.player.pause();
        if (time !== undefined) await this.player.seek(time);
      } else if (this.state === "playing") {
        this.plays = true;
        await this.player.play();
      }
    });
  }

  /** Play at another speed from now on: 2 is twice as fast. */
  setSpeed(speed) {
    this.speed = speed;
    this.remount();
  }

  /** Its box has another height: the player gets as many rows. */
  refit() {
    if (this.player && this.size !== sizeOf(this.frame)) this.remount();
  }

  /** Make the player anew, at the place where it is. */
  remount() {
    const { command, state } = this;
    if (!this.player) return;
    mounted.splice(mounted.indexOf(this), 1);
    this.player.dispose();
    this.player = null;
    if (state === "playing") this.play(command);
    else if (command) this.show(command);
  }

  /** Where a command ends: seconds, or the recording's end. */
  end(command) {
    return command >= this.commands ? "100%" : command === 0 ? 0 : this.stops[command - 1];
  }

  finished(command) {
    this.plays = false;
    this.command = command;
    this.become(command >= this.commands ? "ended" : "paused", "done");
  }

  become(state, why = "") {
    this.frame.dataset.state = state;
    this.frame.dataset.command = this.command;
    const shown = this.commands > 1 && this.command > 0;
    this.frame.querySelector(".count").textContent = shown ? `${this.command} / ${this.commands}` : "";
    this.frame.dispatchEvent(new CustomEvent("castdeck:terminal", { bubbles: true, detail: { terminal: this, why } }));
  }

  /** Do one thing after the other: the player takes its time. */
  then(work) {
    this.queue = this.queue.then(() => {
      this.mount();
      return work();
    }).catch(console.error);
    return this.queue;
  }
}

/** A terminal's columns and rows as they are laid out: "80x24". */
function sizeOf({ style }) {
  return `${style.getPropertyValue("--cols")}x${style.getPropertyValue("--rows")}`;
}

const nothing = () => {};
const quiet = { log: nothing, debug: nothing, info: nothing, warn: console.warn.bind(console), error: console.error.bind(console) };
