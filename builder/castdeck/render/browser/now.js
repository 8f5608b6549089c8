// Where the deck is, for whatever shows it elsewhere: the speaker's view, the presenter's phone. The document is told by a
// "castdeck:now" event whenever that changes, and does what a "castdeck:do" event names.

import { planAt } from "./plan.js";
import { terminalsOf } from "./terminal.js";

const CHANGES = ["ready", "slidechanged", "fragmentshown", "fragmenthidden", "paused", "resumed"];
const TELL = "tell";

/** Tell of the deck's place from now on; `steps` plays its terminals. */
export function tellNow(deck, steps) {
  const actions = {
    next: () => deck.next(),
    previous: () => deck.prev(),
    toggle: () => steps.toggle(),
    black: () => deck.togglePause(),
  };
  let told = "";
  const tell = () => {
    if (!deck.isReady()) return;
    const now = stateOf(deck);
    const text = JSON.stringify(now);
    if (text !== told) document.dispatchEvent(new CustomEvent("castdeck:now", { detail: now }));
    told = text;
  };
  for (const name of CHANGES) deck.on(name, tell);
  for (const name of ["castdeck:terminal", "castdeck:slides"]) document.addEventListener(name, tell);
  document.addEventListener("castdeck:do", ({ detail }) => {
    if (detail === TELL) told = "";
    else actions[detail]?.();
    tell();
  });
}

function stateOf(deck) {
  const slides = deck.getSlides();
  const slide = deck.getCurrentSlide();
  const index = slides.indexOf(slide);
  return {
    number: index + 1,
    of: slides.length,
    title: titleOf(slide),
    section: sectionOf(slides.slice(0, index + 1)),
    next: slides[index + 1] ? titleOf(slides[index + 1]) : "",
    notes: slide ? [...slide.querySelectorAll(":scope > .notes")].map((notes) => notes.innerHTML).join("") : "",
    step: 1 + (slide?.querySelectorAll(".body .fragment.visible").length ?? 0),
    plan: planAt(slides, index, deck.getConfig().totalTime),
    commands: terminalsOf(slide).filter(({ isHidden }) => !isHidden).flatMap(commandsOf),
    isBlack: deck.isPaused(),
  };
}

/** A slide's title: its first heading, else its id. */
export function titleOf(slide) {
  return slide?.querySelector("h1, h2, h3")?.textContent.trim() || slide?.id || "";
}

/** The title of the section that the last of these slides is in; "" before the first one. */
function sectionOf(slides) {
  return titleOf(slides.findLast((slide) => slide.matches(".section")));
}

/** The commands of a terminal: what is typed, how many seconds it takes, and whether it waits, plays or is done. */
function commandsOf(terminal) {
  const dots = [...terminal.frame.querySelectorAll(".dot")];
  return dots.map((dot, index) => ({
    typed: terminal.text(index + 1),
    seconds: Number(dot.dataset.seconds),
    state: stateAt(terminal, index + 1),
  }));
}

function stateAt({ command, state, isHalfway }, number) {
  if (number > command) return "waits";
  return number === command && (state === "playing" || isHalfway) ? "plays" : "done";
}
