// On paper: every slide a page, each terminal with the screen that it ends with.
import { fitSlide } from "./fit.js";

const NOW = "now"; // in the address of a page that is opened to be printed at once

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

/** Make the page ready before reveal.js lays the slides out as pages. */
export function preparePrint() {
  document.documentElement.classList.add("printing");
  for (const screen of document.querySelectorAll(".last-screen")) screen.hidden = false;
  for (const link of document.querySelectorAll('.slides a[href^="#/"]')) link.hash = link.hash.slice(2);
}

/** The pages are laid out: fit them, and say so when all of them can be printed. */
export async function finishPrint(deck) {
  await document.fonts.ready;
  await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
  for (const section of deck.getSlides()) {
    for (const name of ["hidden", "aria-hidden", "inert"]) section.removeAttribute(name);
    fitSlide(section);
  }
  document.documentElement.dataset.castdeck = "printed";
  if (new URLSearchParams(location.search).has(NOW)) window.print();
}
