// Typesets maths with KaTeX, each formula once.

/** `root` is a slide, or the whole document. Nothing happens in a deck that has no maths and so no KaTeX. */
export function typesetMaths(root) {
  if (typeof katex === "undefined") return;
  for (const element of root.querySelectorAll(".math:not([data-typeset])")) {
    const displayMode = "display" in element.dataset;
    katex.render(element.textContent, element, { displayMode, throwOnError: false });
    element.dataset.typeset = "";
  }
}
