// On a narrow screen a page to read is easier than slides: the handout is offered there.
import { word } from "./words.js";

const NARROW = "(max-width: 600px)";

/** A link to the handout, where there is one and the screen is narrow. */
export function offerPage(deck) {
  const { handout } = deck.getRevealElement().dataset;
  if (!handout || !matchMedia(NARROW).matches) return;
  const link = document.createElement("a");
  link.className = "as-page";
  link.href = `${handout}#${deck.getCurrentSlide()?.id ?? ""}`;
  link.textContent = word("readAsPage");
  deck.on("slidechanged", ({ currentSlide }) => (link.href = `${handout}#${currentSlide.id}`));
  deck.getRevealElement().append(link);
}
