// One recorded block: shows its commands until it is played, then the player in the same place.

const JUST_AFTER = 0.001; // seconds
const terminals = new WeakMap();

/** The terminals of a slide, in the order of the page. */
export function terminalsOf(section, stepwise) {
  if (!section) return [];
  return [...section.querySelectorAll(".terminal")].map((frame) => {
    if (!terminals.has(frame)) terminals.set(frame, new Terminal(frame, stepwise));
    return terminals.get(frame);
  });
}

/** Let go of the players of terminals that leave the page. */
export function unmount(element) {
  for (const frame of [element, ...element.querySelectorAll(".terminal")]) {
    terminals.get(frame)?.player?.dispose();
    terminals.delete(frame);
  }
}

/** `state` is "code", "playing", "paused" or "ended", and stands in the frame's data-state. */
export class Terminal {
  constructor(frame, stepwise) {
    this.frame = frame;
    this.stepwise = stepwise;
    this.player = null;
    this.stops = [];
    this.commands = 1;
    frame.querySelector(".play").addEventListener("click", () => this.toggle());
    frame.querySelector(".copy").addEventListener("click", (event) => copy(event.currentTarget));
    frame.addEventListener("pointerup", () => this.giveKeysBack());
  }

  get state() {
    return this.frame.dataset.state;
  }

  set state(state) {
    this.frame.dataset.state = state;
    const shown = this.commands > 1 && state !== "code";
    this.frame.querySelector(".count").textContent = shown ? `${this.command} / ${this.commands}` : "";
  }

  /** The number of the command that plays, or of the one that has just ended, from 1. */
  get command() {
    const passed = this.stops.filter((time) => time <= this.time + JUST_AFTER);
    const atStop = this.state === "paused" && this.time - passed.at(-1) < 2 * JUST_AFTER;
    return this.state === "ended" ? this.commands : passed.length + (atStop ? 0 : 1);
  }

  get time() {
    return this.player ? this.player.getCurrentTime() : 0;
  }

  /** Make the player; nothing is seen of it until it plays. */
  mount() {
    if (this.player) return;
    const [header, ...events] = JSON.parse(this.frame.querySelector("script").textContent);
    const marks = events.filter((event) => event[1] === "m");
    this.stops = marks.slice(1).map((event) => event[0]);
    this.commands = Math.max(1, marks.length);
    const { cols, rows, speed } = this.frame.dataset;
    this.player = AsciinemaPlayer.create(
      { data: [header, ...events.filter((event) => event !== marks[0])] },
      this.frame.querySelector(".player"),
      {
        cols: Number(cols),
        rows: Number(rows),
        speed: Number(speed ?? 1),
        fit: false,
        terminalFontSize: "1em",
        theme: "castdeck",
        controls: "auto",
        cursorMode: "steady",
        pauseOnMarkers: this.stepwise,
        preload: true,
        logger: quiet,
      },
    );
    this.player.addEventListener("play", () => (this.state = "playing"));
    this.player.addEventListener("pause", () => (this.state = this.state === "ended" ? "ended" : "paused"));
    this.player.addEventListener("ended", () => (this.state = "ended"));
  }

  play() {
    this.mount();
    this.state = "playing";
    return this.player.play();
  }

  pause() {
    if (this.state === "playing") this.player.pause();
  }

  toggle() {
    if (this.state === "playing") this.pause();
    else this.play();
  }

  /** Play the next command, or show at once what is left of the one that plays. False when there is nothing left. */
  advance() {
    if (this.state === "ended") return false;
    if (this.state === "playing") this.skip();
    else this.play();
    return true;
  }

  async skip() {
    const stop = this.stops.find((time) => time > this.time + JUST_AFTER);
    await this.player.pause();
    await this.player.seek(stop === undefined ? "100%" : stop + JUST_AFTER);
    this.state = stop === undefined ? "ended" : "paused";
  }

  giveKeysBack() {
    if (this.frame.contains(document.activeElement)) document.activeElement.blur();
  }
}

async function copy(button) {
  const text = button.dataset.copy;
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Press Ctrl+C";
    const range = document.createRange();
    range.selectNodeContents(button.closest(".terminal").querySelector(".commands"));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  }
  setTimeout(() => (button.textContent = label), 2000);
}

const nothing = () => {};
const quiet = { log: nothing, debug: nothing, info: nothing, warn: console.warn.bind(console), error: console.error.bind(console) };
