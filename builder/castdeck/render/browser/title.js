// Makes a long title smaller before it takes a third line, though not smaller than the text below it, or before it breaks
// inside a word.

const LEAST = 0.6;
const SHORT_TEXT = 1.25; // a short slide's text, in em
const STEP = 0.05;
const LINES = 2;

/** Fit one heading into its slide's width; fitting twice gives the same size. */
export function fitTitle(heading) {
  heading.style.removeProperty("--title-fit");
  const body = heading.parentElement;
  const text = parseFloat(getComputedStyle(body).fontSize) * (body.matches(".short") ? SHORT_TEXT : 1);
  const least = text / parseFloat(getComputedStyle(heading).fontSize);
  const isLong = (factor) => factor >= least && linesOf(heading) > LINES;
  for (let factor = 1 - STEP; factor > LEAST && (isLong(factor) || breaksWord(heading)); factor -= STEP) {
    heading.style.setProperty("--title-fit", factor.toFixed(2));
  }
}

function linesOf(heading) {
  const { paddingTop, paddingBottom, lineHeight } = getComputedStyle(heading);
  return Math.round((heading.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom)) / parseFloat(lineHeight));
}

function breaksWord(heading) {
  const longest = Math.max(...heading.textContent.split(/\s/).map((word) => word.length));
  if (longest * parseFloat(getComputedStyle(heading).fontSize) < heading.clientWidth) return false; // no letter is wider than high
  heading.style.overflowWrap = "normal";
  const breaks = heading.scrollWidth > heading.clientWidth;
  heading.style.removeProperty("overflow-wrap");
  return breaks;
}
