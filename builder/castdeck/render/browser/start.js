// Starts reveal.js and gives each slide its terminals when it is shown.
import { fitSlide } from "./fit.js";
import { markLines } from "./lines.js";
import { finishPrint, preparePrint } from "./print.js";
import { Steps } from "./steps.js";
import { unmount } from "./terminal.js";
import { listenToButtons } from "./tools.js";

const settings = JSON.parse(document.getElementById("castdeck-settings").textContent);
const printing = /print-pdf/i.test(location.search) || settings.reveal.view === "print";
const isUpcoming = /receiver/i.test(location.search) && !/postMessageEvents=true/.test(location.search);
const isStill = isUpcoming || matchMedia("(prefers-reduced-motion: reduce)").matches;
const castdeck = { id: "castdeck", init: begin };

if (printing) preparePrint();
Reveal.initialize({ ...settings.reveal, plugins: [castdeck, RevealNotes] });

/** reveal.js's plugins are given the deck that its keys, buttons and messages call. */
function begin(deck) {
  if (printing) {
    deck.on("pdf-ready", () => finishPrint(deck));
    return;
  }
  const steps = new Steps(deck, settings.play, isStill);
  const show = (section) => {
    fitSlide(section);
    steps.enter(section);
  };
  listenToButtons(deck, steps);
  deck.on("ready", ({ currentSlide }) => show(currentSlide));
  deck.on("slidechanged", ({ previousSlide, currentSlide }) => {
    steps.leave(previousSlide);
    show(currentSlide);
  });
  deck.on("resize", () => deck.isReady() && fitSlide(deck.getCurrentSlide()));
  for (const name of ["fragmentshown", "fragmenthidden"]) {
    deck.on(name, ({ fragments }) => {
      new Set(fragments.map((fragment) => fragment.closest(".code-box")).filter(Boolean)).forEach(markLines);
    });
  }
  document.fonts.ready.then(() => deck.isReady() && fitSlide(deck.getCurrentSlide()));
  document.addEventListener("load", ({ target }) => fitAround(deck, target), true);
  // A live preview that has put new slides into the page says so.
  document.addEventListener("castdeck:slides", () => show(deck.getCurrentSlide()));
  document.addEventListener("castdeck:leave", ({ target }) => unmount(target));
}

function fitAround(deck, image) {
  const section = image.closest?.("section");
  if (section && image.tagName === "IMG" && section === deck.getCurrentSlide()) fitSlide(section);
}
