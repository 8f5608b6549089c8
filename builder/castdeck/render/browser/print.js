// On paper: every slide a page, each terminal with the screen that it ends with.
import { fitSlide } from "./fit.js";
import { tellProofs } from "./proof.js";

const NOW = "now"; // in the address of a page that is opened to be printed at once
const FRAGMENTS = "fragments"; // in that of a page that is printed with a page for each step
const MOST_AT_ONCE = 200; // milliseconds
const FITTED = ".body, .body > :is(h1, h2), .figure img, pre.code, .terminal, .terminal .commands"; // what fit.js changes
let rested = 0;
const asked = new URLSearchParams(location.search);

/** The browser's own key for printing gives the pages that `castdeck export --pdf` gives. */
export function printAsPages() {
  document.addEventListener("keydown", (event) => {
    const isPrint = event.key.toLowerCase() === "p" && (event.ctrlKey || event.metaKey);
    if (!isPrint || event.shiftKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    window.open(`${location.href.split(/[?#]/)[0]}?print-pdf&${NOW}`);
  }, true);
}

/** Make the page ready before reveal.js lays the slides out as pages; gives settings of reveal.js's. */
export function preparePrint() {
  document.documentElement.classList.add("printing");
  for (const screen of document.querySelectorAll(".last-screen")) screen.hidden = false;
  for (const link of document.querySelectorAll('.slides a[href^="#/"]')) link.hash = link.hash.slice(2);
  return { pdfSeparateFragments: asked.has(FRAGMENTS) };
}

/** The pages are laid out: fit them, and say so when all of them can be printed. */
export async function finishPrint() {
  await document.fonts.ready;
  await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
  let fitted = null;
  for (const section of document.querySelectorAll(".pdf-page section:not(.stack)")) {
    for (const name of ["hidden", "aria-hidden", "inert"]) section.removeAttribute(name);
    tellProofs(section);
    if (section.id === fitted?.id) fitLike(section, fitted);
    else fitSlide((fitted = section));
    await pause();
  }
  if (asked.has(FRAGMENTS)) document.querySelectorAll(".pdf-page .terminal").forEach(showScreen);
  document.documentElement.dataset.castdeck = "printed";
  if (asked.has(NOW)) window.print();
}

/** A further page of a slide: all sizes are those of the first. */
function fitLike(section, first) {
  const parts = [...section.querySelectorAll(FITTED)];
  first.querySelectorAll(FITTED).forEach((model, number) => {
    const part = parts[number];
    for (const name of ["style", "data-size"]) if (model.hasAttribute(name)) part.setAttribute(name, model.getAttribute(name));
    for (const name of ["short", "tight", "grown", "whole", "wrapped"]) part.classList.toggle(name, model.classList.contains(name));
  });
}

/** Let the browser do something else where this has taken long: a page that does not answer is stopped. */
function pause() {
  const now = performance.now();
  if (now - rested < MOST_AT_ONCE) return undefined;
  rested = now;
  return new Promise((done) => setTimeout(done));
}

/** A terminal as it stands after the commands that its page has shown: before the first one, the commands. */
function showScreen(frame) {
  const all = frame.querySelectorAll(".command.fragment").length;
  const done = frame.querySelectorAll(".command.fragment.visible").length;
  const after = frame.querySelectorAll(".screen-after")[done - 1];
  if (!all || done === all) return;
  if (after) frame.querySelector(".last-screen").innerHTML = after.innerHTML;
  frame.classList.toggle("waiting", !after);
}
