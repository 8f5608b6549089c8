// What a room needs: black and white, a larger terminal, a terminal that fills the screen, skipping the rest of one.
import { fitSlide } from "./fit.js";

const KEY_WHITE = { keyCode: 87, key: "W", description: "White screen" };
const KEY_FILL = { keyCode: 90, key: "Z", description: "The terminal fills the screen" };
const KEY_SKIP = { keyCode: 82, key: "R", description: "Skip the rest of the terminal" };
const KEY_AGAIN = { keyCode: 67, key: "C", description: "Play this command again" };
const PLUS = ["+", "="];
const MINUS = ["-", "_"];
const ZOOMS = [0.64, 0.8, 1, 1.25, 1.5625, 1.953];

/** Take these keys; `steps` plays the terminals. */
export function setStage(deck, steps) {
  const viewport = deck.getViewportElement();
  let held = null;
  deck.addKeyBinding(KEY_WHITE, () => {
    viewport.classList.add("white");
    deck.togglePause(true);
  });
  deck.on("paused", () => {
    const terminal = steps.target;
    held = terminal?.state === "playing" ? terminal : null;
    held?.hold();
  });
  deck.on("resumed", () => {
    viewport.classList.remove("white");
    if (held?.isHalfway) held.hold();
    held = null;
  });
  document.addEventListener("keydown", (event) => {
    if (deck.isPaused() && !["Shift", "Control", "Alt", "Meta"].includes(event.key)) wake(event, deck);
    else if (PLUS.includes(event.key) || MINUS.includes(event.key)) resize(event, deck, PLUS.includes(event.key) ? 1 : -1);
  }, true);
  document.addEventListener("pointerdown", (event) => deck.isPaused() && wake(event, deck), true);
  deck.addKeyBinding(KEY_FILL, () => fill(deck, steps));
  deck.addKeyBinding(KEY_SKIP, () => steps.skip());
  deck.addKeyBinding(KEY_AGAIN, () => {
    const terminal = steps.target;
    if (terminal) steps.playCommand(terminal, Math.max(1, terminal.command));
  });
  deck.on("slidechanged", ({ previousSlide }) => unfill(previousSlide));
}

/** Any key wakes a black screen, and does nothing else. */
function wake(event, deck) {
  event.preventDefault();
  event.stopPropagation();
  deck.togglePause(false);
}

/** Letters of this slide's terminals one size larger or smaller. */
function resize(event, deck, step) {
  const slide = deck.getCurrentSlide();
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, textarea")) return;
  if (!slide.querySelector(".terminal")) return;
  event.preventDefault();
  event.stopPropagation();
  const now = ZOOMS.indexOf(Number(slide.dataset.zoom ?? 1));
  slide.dataset.zoom = ZOOMS[Math.max(0, Math.min(ZOOMS.length - 1, now + step))];
  fitSlide(slide);
}

function fill(deck, steps) {
  const slide = deck.getCurrentSlide();
  const box = steps.target?.frame.closest(".terminal-box");
  if (!box) return;
  if (slide.classList.contains("filling")) unfill(slide);
  else {
    slide.classList.add("filling");
    for (let part = box; part !== slide; part = part.parentElement) part.classList.add("fills");
  }
  fitSlide(slide);
}

function unfill(slide) {
  slide?.classList.remove("filling");
  slide?.querySelectorAll(".fills").forEach((part) => part.classList.remove("fills"));
}
