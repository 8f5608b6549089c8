// No short word stands alone on a paragraph's last line: `text-wrap: pretty` leaves some, which are written narrower.

const RUNNING_TEXT = "p, li, figcaption, blockquote";
const INNER_BLOCKS = ":scope > :is(p, ul, ol, dl, pre, div, table, blockquote)"; // text beside these is not the last
const LEAST_END = 0.2; // of the width, that the last line has at least
const NARROWER = ["8%", "16%", "24%"];

/** Mend those paragraphs, where it takes no more lines than before. */
export function mendOrphans(body) {
  const texts = [...body.querySelectorAll(RUNNING_TEXT)].filter((text) => !text.closest(".terminal") && !text.querySelector(INNER_BLOCKS));
  for (const text of texts) text.style.removeProperty("padding-inline-end");
  for (const text of texts.filter(endsAlone)) narrow(text);
}

function narrow(text) {
  const height = text.clientHeight;
  for (const less of NARROWER) {
    text.style.paddingInlineEnd = less;
    if (text.clientHeight > height) break;
    if (!endsAlone(text)) return;
  }
  text.style.removeProperty("padding-inline-end");
}

function endsAlone(text) {
  const style = getComputedStyle(text);
  if (style.display === "inline" || text.clientHeight < 1.5 * parseFloat(style.lineHeight)) return false;
  const range = document.createRange();
  range.selectNodeContents(text);
  const rects = [...range.getClientRects()].filter(({ width }) => width);
  if (!rects.length) return false;
  const end = Math.max(...rects.map(({ bottom }) => bottom));
  const lowest = Math.min(...rects.map(({ height }) => height));
  const last = rects.filter(({ top, bottom }) => (top + bottom) / 2 > end - lowest);
  const width = Math.max(...last.map(({ right }) => right)) - Math.min(...last.map(({ left }) => left));
  return width < LEAST_END * text.getBoundingClientRect().width;
}
