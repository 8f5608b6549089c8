// Starts reveal.js and gives each slide its terminals when it is shown.
import { makeCover } from "./cover.js";
import { drawDiagrams, redrawOnNewColours } from "./diagrams.js";
import { announceCommands } from "./announce.js";
import { Find } from "./find.js";
import { fitSlide } from "./fit.js";
import { offerGoto } from "./goto.js";
import { offerKeys } from "./keys.js";
import { offerInk } from "./ink.js";
import { offerLanguages } from "./languages.js";
import { markLines } from "./lines.js";
import { typesetMaths } from "./maths.js";
import { tellNow } from "./now.js";
import { offerOverview } from "./overview.js";
import { offerPage } from "./page_link.js";
import { finishPrint, preparePrint, printAsPages } from "./print.js";
import { offerToResume } from "./resume.js";
import { listenToProofs, tellProofs } from "./proof.js";
import { followLead, lead } from "./speaker.js";
import { isSpeakerView, showSpeakerView } from "./speaker_view.js";
import { settings } from "./settings.js";
import { setStage } from "./stage.js";
import { numberSections } from "./sections.js";
import { Steps } from "./steps.js";
import { terminalOf, unmount } from "./terminal.js";
import { followTime } from "./timebar.js";
import { listenToButtons } from "./tools.js";
import { offerTyping } from "./type_along.js";
import { turnWithScreen } from "./upright.js";
import { showWhatWaits } from "./waiting.js";
import { localise } from "./words.js";

const printing = /print-pdf/i.test(location.search) || settings.reveal.view === "print";
const isCopy = /receiver/i.test(location.search); // one of the speaker view's two: of this slide, or of what comes
const isUpcoming = isCopy && !/postMessageEvents=true/.test(location.search);
const isStill = isUpcoming || matchMedia("(prefers-reduced-motion: reduce)").matches;
const castdeck = { id: "castdeck", init: begin };

if (isSpeakerView) showSpeakerView(settings);
else start();

function start() {
  makeCover(settings.byline);
  numberSections();
  const more = printing ? preparePrint() : {};
  Reveal.initialize({ ...settings.reveal, ...more, dependencies: [], plugins: [castdeck] }); // the first are scripts
}

/** reveal.js's plugins are given the deck that its keys, buttons and messages call. */
function begin(deck) {
  if (printing) {
    deck.on("pdf-ready", finishPrint);
    typesetMaths(document);
    return drawDiagrams(document); // reveal.js waits for what a plugin promises
  }
  document.documentElement.classList.toggle("is-copy", isCopy);
  const steps = new Steps(deck, settings.play, isStill);
  const typing = isCopy ? null : offerTyping(deck, steps);
  const show = (section) => {
    if (!section) return; // a deck that can't be read has no slides yet
    localise(section);
    tellProofs(section);
    typesetMaths(section);
    fitSlide(section);
    frameSlide(deck, section);
    drawDiagrams(section).then((drawn) => drawn && fitSlide(section));
    steps.enter(section);
    typing?.begin(section);
  };
  listenToButtons(deck, steps);
  listenToProofs();
  setStage(deck, steps);
  turnWithScreen(deck, settings.reveal);
  if (!isCopy && !document.getElementById("castdeck-live")) printAsPages();
  offerInk(deck);
  if (!isCopy) {
    new Find(deck);
    offerGoto(deck);
    offerKeys(deck);
    offerOverview(deck);
  }
  followTime((dot, number) => steps.playCommand(terminalOf(dot), number));
  showWhatWaits();
  if (!isCopy) announceCommands(deck);
  document.addEventListener("castdeck:rows", ({ target }) => terminalOf(target).refit());
  if (!isCopy) {
    lead(deck, steps);
    tellNow(deck, steps);
  }
  if (isCopy && !isUpcoming) followLead(terminalNamed);
  deck.on("ready", ({ currentSlide }) => {
    show(currentSlide);
    if (!isCopy) {
      offerPage(deck);
      offerLanguages(deck, settings.versions);
    }
    if (settings.resume && !isCopy) offerToResume(deck);
  });
  deck.on("slidechanged", ({ previousSlide, currentSlide }) => {
    steps.leave(previousSlide);
    show(currentSlide);
  });
  deck.on("overviewshown", () => steps.leave(deck.getCurrentSlide()));
  deck.on("resize", () => deck.isReady() && fitSlide(deck.getCurrentSlide()));
  for (const name of ["fragmentshown", "fragmenthidden"]) {
    deck.on(name, ({ fragments }) => {
      new Set(fragments.map((fragment) => fragment.closest(".code-box")).filter(Boolean)).forEach(markLines);
    });
  }
  document.fonts.addEventListener("loadingdone", () => deck.isReady() && fitSlide(deck.getCurrentSlide()));
  document.addEventListener("load", ({ target }) => fitAround(deck, target), true);
  redrawOnNewColours(() => fitSlide(deck.getCurrentSlide()));
  // A live preview that has put new slides into the page says so.
  document.addEventListener("castdeck:slides", () => {
    makeCover(settings.byline);
    numberSections();
    show(deck.getCurrentSlide());
  });
  document.addEventListener("castdeck:leave", ({ target }) => unmount(target));
}

/** What is around a slide goes with it: no number over a terminal, a cover's colour up to the window's edges. */
function frameSlide(deck, section) {
  const isFilled = section.matches(".full") || section.querySelector(".body > .terminal-box:last-child, .body > .step:last-child > .terminal-box:last-child");
  deck.getRevealElement().classList.toggle("filled", Boolean(isFilled));
  const isPainted = [...section.attributes].some(({ name }) => /^data-background(-(color|gradient|iframe|image|video))?$/.test(name));
  const layout = (!isPainted && ["cover", "section", "statement", "quote", "image-left", "image-right"].find((name) => section.classList.contains(name))) || "";
  deck.getViewportElement().dataset.layout = layout;
}

function fitAround(deck, image) {
  const section = image.closest?.("section");
  if (section && image.tagName === "IMG" && section === deck.getCurrentSlide()) fitSlide(section);
}

function terminalNamed(block) {
  const frame = document.querySelector(`.terminal[data-block="${CSS.escape(block)}"]`);
  return frame && terminalOf(frame);
}
