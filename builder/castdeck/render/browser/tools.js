// The buttons of a terminal: play, speed, text, copy, save.
import { terminalOf } from "./terminal.js";
import { word } from "./words.js";

const SPEEDS = [1, 1.5, 2, 3, 0.5];
const SHOWN_FOR = 2000; // milliseconds

/** Take the clicks on all terminals' buttons; `steps` plays. */
export function listenToButtons(reveal, steps) {
  const actions = {
    play: (terminal) => steps.toggle(terminal),
    speed: changeSpeed,
    text: (terminal) => showText(terminal.frame),
    copy: (terminal, button) => copy(terminal, button),
    save: (terminal, button) => save(terminal, button.dataset.name),
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".terminal button");
    const name = button && Object.keys(actions).find((action) => button.classList.contains(action));
    if (!name) return;
    actions[name](terminalOf(button), button);
    if (event.detail > 0 && name !== "text") button.blur(); // a mouse gives the keys back to the deck
  });
  document.addEventListener("keydown", keepKeys, true);
  document.addEventListener("castdeck:terminal", ({ detail }) => nameToggle(detail.terminal));
  document.addEventListener("beforematch", ({ target }) => target.matches?.(".transcript") && showText(target.closest(".terminal"), true), true);
  document.addEventListener("pointerup", ({ target }) => target.closest?.(".player") && document.activeElement?.blur());
  document.addEventListener("click", ({ target }) => {
    const screen = target.closest?.(".terminal .screen");
    if (screen && !target.closest("a, button") && getSelection().isCollapsed) steps.toggle(terminalOf(screen));
  });
  reveal.addKeyBinding({ keyCode: 88, key: "X", description: "The terminal as text" }, () => {
    const terminal = steps.target;
    if (terminal) showText(terminal.frame);
  });
}

/** A focused button takes Space and Enter, an open text the keys that scroll it: reveal.js must not hear of them. */
function keepKeys(event) {
  if (event.key === "Escape" && event.target.closest?.(".transcript")) {
    showText(event.target.closest(".terminal"), false);
    event.stopPropagation();
    return;
  }
  const scrolls = ["ArrowUp", "ArrowDown", "PageUp", "PageDown", " ", "Home", "End"].includes(event.key);
  const isPressed = [" ", "Enter"].includes(event.key) && event.target.closest?.("button, a, select, summary");
  if (isPressed || (scrolls && event.target.closest?.(".transcript"))) event.stopPropagation();
}

function nameToggle(terminal) {
  const plays = terminal.state === "playing";
  const label = word(plays ? "pause" : terminal.state === "code" ? "playRecording" : "play");
  terminal.frame.querySelector(".play").setAttribute("aria-label", label);
}

function changeSpeed(terminal, button) {
  const speed = SPEEDS[(SPEEDS.indexOf(terminal.speed) + 1) % SPEEDS.length];
  terminal.setSpeed(speed);
  button.textContent = `${speed}×`;
  button.setAttribute("aria-label", word("speed").replace("{}", speed));
}

/** Show or hide a terminal's session as text, over the terminal. */
export function showText(frame, shown = frame.querySelector(".transcript").hasAttribute("hidden")) {
  const transcript = frame.querySelector(".transcript");
  if (shown) transcript.removeAttribute("hidden");
  else transcript.setAttribute("hidden", "until-found");
  if (shown) transcript.tabIndex = 0;
  else transcript.removeAttribute("tabindex");
  const button = frame.querySelector(".bar .text");
  button.setAttribute("aria-expanded", String(shown));
  button.textContent = word(shown ? "close" : "text");
  if (shown) transcript.focus({ preventScroll: true });
  else document.activeElement?.blur();
}

async function copy(terminal, button) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = word("copied");
  } catch {
    button.textContent = word("pressCopy");
    select(button.closest(".typed")?.querySelector("code") ?? terminal.frame.querySelector(".commands"));
  }
  setTimeout(() => (button.textContent = label), SHOWN_FOR);
}

function select(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}

/** Download the recording as a .cast file, made from what the page holds: as it was, not as it is painted. */
function save(terminal, name) {
  const [header, ...events] = JSON.parse(terminal.frame.querySelector("script").textContent);
  const recorded = events
    .filter((event) => event[3] !== null)
    .map(([time, kind, shown, text]) => [time, kind, text ?? shown]);
  const lines = [header, ...recorded].map((line) => JSON.stringify(line));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`${lines.join("\n")}\n`], { type: "application/x-asciicast" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), SHOWN_FOR);
}
