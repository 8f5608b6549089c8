// Makes what stands on a slide fit into it: long titles and wide code get smaller, a terminal takes the largest of its
// three sizes that holds its longest output, a short slide is written larger, a full one smaller as a whole, down to
// letters that can still be read: what has no room then is scrolled to.
import { mendOrphans } from "./orphans.js";
import { letPan } from "./pan.js";
import { fitPictures } from "./pictures.js";
import { fitTitle } from "./title.js";

const LEAST_CODE = 0.643; // 18 pixels of 28
const LEAST_SHELL = 0.8; // a command can go on on the next line, a drawing in letters can't
const SHELL = ["bash", "sh", "shell", "console"].map((name) => `.language-${name}`).join();
const WRAPPED_CODE = 0.85; // code that has to be wrapped anyway is as large as other code, or nearly so on a full slide
const LEAST_LETTERS = 18; // pixels, unless --least-letters says otherwise: an output that takes smaller ones scrolls
const LEAST_POSTER = 0.75; // of a terminal's letters, for the commands that wait to be played
const LEAST_ROWS = 6;
const LEAST_TEXT = 0.5625; // 18 pixels of 32
const LEAST_UPRIGHT = 0.8; // on a phone one scrolls anyway
const LEAST_ON_PAPER = 0.3; // of either: paper can't be scrolled
const STEPS = 7;
const NEAR = 8; // pixels that may stay free where a slide is made smaller
const SIZES = ["l", "m", "s"];
const PADDING = 24; // pixels, above and below a terminal's rows
const TIGHTER = 32; // pixels that a tight terminal's bars are lower, at most
const CELL = 0.6; // a cell's width, of its height
const CROWDED = 3.5; // a cell's height, of its letters': it has three lines
const SHORT = 0.82; // of the slide's height, where a short one ends
const NOT_SHORT = ".qr, .terminal, .diagram, .footnotes, .columns .columns, img, video, iframe";
const NOT_SHORT_BESIDE = ".qr, .terminal, .diagram, .footnotes, .columns, .figure ~ .figure, p:not(.figure) img, video, iframe";
const HALVES = ".image-left, .image-right";
const LAID_OUT = ".cover, .section, .quote, .statement, .full, .center";

/** Fit one slide's body. The slide must be displayed; fitting twice gives the same sizes. */
export function fitSlide(section) {
  const body = section?.querySelector(":scope > .body");
  if (!body || body.clientHeight === 0) return;
  for (const div of body.querySelectorAll("div:not([class])")) div.dataset.plain = ""; // for layouts.css
  body.style.removeProperty("--fit");
  body.style.setProperty("--zoom", section.dataset.zoom ?? 1);
  body.classList.remove("over");
  const isUpright = Boolean(section.closest(".upright"));
  const mayBeShort = !isUpright && !section.matches(LAID_OUT) && !body.querySelector(section.matches(HALVES) ? NOT_SHORT_BESIDE : NOT_SHORT);
  body.classList.toggle("short", mayBeShort);
  fitWidths(body);
  fitPictures(section, body);
  const frames = [...body.querySelectorAll(".terminal")].filter((frame) => frame.clientHeight);
  if (frames.length) fitTerminals(body, frames);
  if (mayBeShort && !isShort(body)) {
    body.classList.remove("short");
    fitWidths(body);
  }
  const isPaper = Boolean(section.closest(".printing"));
  const spare = spareOf(body);
  if (spare < -1) shrink(body, isPaper ? LEAST_ON_PAPER : isUpright ? LEAST_UPRIGHT : LEAST_TEXT, -spare);
  const isOver = !fits(body);
  body.classList.toggle("over", isOver);
  if (section.matches(".present")) section.closest(".reveal")?.classList.toggle("scrolled", isOver); // :has() is slow on this
  mendOrphans(body);
  frames.forEach(fillRows);
  frames.forEach(letPan);
  for (const frame of frames) fitPoster(frame, isPaper ? LEAST_ON_PAPER : LEAST_POSTER);
}

function fitWidths(body) {
  body.querySelectorAll(":scope > :is(h1, h2)").forEach(fitTitle);
  body.querySelectorAll("pre.code").forEach(fitWidth);
  const wrapped = body.querySelectorAll("pre.wrapped");
  if (wrapped.length && !fits(body)) wrapped.forEach((pre) => pre.style.setProperty("--code-fit", WRAPPED_CODE));
}

function fits(body) {
  return spareOf(body) >= -1;
}

/** How many pixels stay free above the slide's foot, where the number stands; fewer than 0 where something hangs over.
    A terminal that is the last thing reaches over the foot. */
function spareOf(body) {
  const over = Math.max(body.scrollHeight - body.clientHeight, body.scrollWidth - body.clientWidth);
  if (over > 1) return -over;
  let last = [...body.children].findLast((child) => child.offsetParent === body && !isApart(child));
  while (last?.matches(".step") && last.lastElementChild) last = last.lastElementChild; // a step gives way to its content
  if (!last) return body.clientHeight;
  const { bottom, width } = body.getBoundingClientRect();
  const under = ((bottom - last.getBoundingClientRect().bottom) * body.offsetWidth) / width;
  const reach = Math.min(0, parseFloat(getComputedStyle(last).marginBottom));
  return under - reach - parseFloat(getComputedStyle(body).paddingBottom) + stretchOf(last);
}

/** How many pixels a terminal is higher than it has to be. */
function stretchOf(element) {
  const screen = element.matches(".terminal-box") && element.querySelector(".screen");
  return screen ? Math.max(0, screen.clientHeight - parseFloat(getComputedStyle(screen).minHeight)) : 0;
}

const isApart = (child) => getComputedStyle(child).position === "absolute";

/** Whether a slide, written larger, ends early, and no code has to be wrapped for that: it is one of a few words. */
function isShort(body) {
  const end = Math.max(...[...body.children].filter((child) => !isApart(child)).map((child) => child.offsetTop + child.offsetHeight));
  return !body.querySelector("pre.wrapped") && !isTableCrowded(body) && fits(body) && end <= SHORT * body.clientHeight;
}

function isTableCrowded(body) {
  return [...body.querySelectorAll("td")].some((cell) => cell.clientHeight > CROWDED * parseFloat(getComputedStyle(cell).fontSize));
}

/** The largest size at which the widest line and the longest output have room; then all of the slide a little smaller;
    then a terminal scrolls, as terminals do, and shows the end. */
function fitTerminals(body, frames) {
  const tries = SIZES.map((size) => frames.map((frame) => sizeFrom(size, frame)));
  const leastOfAll = Math.max(...frames.map(leastFit));
  frames.forEach((frame) => frame.classList.remove("tight")); // what has been read so far needed no new layout
  const heightOf = (sizes) => sum(sizes.map(({ line }, at) => line * frames[at].dataset.leastRows));
  let over = -Infinity; // pixels that have to go, at least; where there are any, the page is not laid out to see that
  for (const [at, sizes] of tries.entries()) {
    if (at > 0) over -= heightOf(tries[at - 1]) - heightOf(sizes);
    if (over > 1 && at < tries.length - 1) continue;
    frames.forEach((frame, number) => {
      frame.dataset.size = sizes[number].size;
      setRows(frame, frame.dataset.leastRows);
    });
    if (over > 1) break;
    if (fits(body)) return;
    over = body.scrollHeight - body.clientHeight;
  }
  frames.forEach((frame) => frame.classList.add("tight"));
  over -= frames.length * TIGHTER;
  if (over <= 1) {
    if (fits(body)) return;
    over = body.scrollHeight - body.clientHeight;
  }
  const isEnlarged = body.style.getPropertyValue("--zoom") > 1;
  if (!isEnlarged && shrink(body, leastOfAll, over)) return;
  body.style.removeProperty("--fit");
  const scrolling = frames.filter(scrolls);
  const setMost = (rows) => scrolling.forEach((frame) => setRows(frame, Math.min(rows, frame.dataset.leastRows)));
  const most = Math.max(...frames.map((frame) => frame.dataset.leastRows));
  const line = sum(tries.at(-1).filter((_, number) => scrolls(frames[number])).map((one) => one.line));
  let fitting = LEAST_ROWS; // or it does not fit at all
  let tooMany = most - Math.max(0, Math.ceil((over - 1) / line - 0.01) - 1);
  let rows = tooMany - 1; // which it is, unless something else stands in the way
  while (tooMany - fitting > 1) {
    setMost(rows);
    if (fits(body)) fitting = rows;
    else tooMany = rows;
    rows = Math.floor((fitting + tooMany) / 2);
  }
  if (most > fitting) setMost(fitting);
}

/** The first of the sizes from one on at which a terminal's columns have room, and the height of its lines in pixels. */
function sizeFrom(first, frame) {
  const size = SIZES.slice(SIZES.indexOf(first)).find((one) => holdsColumns(frame, one)) ?? "s";
  const style = getComputedStyle(frame);
  const [letters, line, zoom] = [`--term-${size}`, `--term-${size}-line`, "--zoom"].map((name) => parseFloat(style.getPropertyValue(name)));
  return { size, line: letters * line * (zoom || 1) };
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** How much smaller a terminal's slide may be, before it scrolls. */
function leastFit(frame) {
  const style = getComputedStyle(frame);
  const least = parseFloat(style.getPropertyValue("--least-letters")) || LEAST_LETTERS;
  return Math.min(1, least / parseFloat(style.getPropertyValue("--term-s")));
}

/** Whether it may show fewer rows than it has: a program that draws on the whole screen needs them all. */
function scrolls(frame) {
  return !("whole" in frame.dataset);
}

function holdsColumns(frame, size) {
  return frame.dataset.cols <= columnsOf(frame, size);
}

/** How many columns have room in a terminal at one of its sizes. */
function columnsOf(frame, size) {
  const letters = parseFloat(getComputedStyle(frame).getPropertyValue(`--term-${size}`));
  const edge = parseFloat(getComputedStyle(frame.querySelector(".bar")).paddingLeft);
  return Math.floor((frame.clientWidth - 2 * edge + 1) / (CELL * letters));
}

function setRows(frame, rows) {
  frame.style.setProperty("--rows", rows);
}

/** As many rows as the terminal uses, where its box has room for them. */
function fillRows(frame) {
  setRows(frame, scrolls(frame) ? Math.max(1, Math.min(frame.dataset.rows, roomOf(frame))) : frame.dataset.rows);
  frame.dispatchEvent(new CustomEvent("castdeck:rows", { bubbles: true }));
}

/** How many rows have room on a terminal's screen as it is laid out. */
export function roomOf(frame) {
  const screen = frame.querySelector(".screen");
  const style = getComputedStyle(screen);
  const line = parseFloat(style.getPropertyValue("--lh")) * parseFloat(style.fontSize);
  return Math.floor((screen.clientHeight - PADDING + 1) / line);
}

/** All commands are seen while they wait to be played, in smaller letters where they are many, or are scrolled to. */
function fitPoster(frame, least) {
  const poster = frame.querySelector(".commands");
  poster.style.removeProperty("--poster-fit");
  const fit = poster.clientHeight / poster.scrollHeight;
  if (fit < 1) poster.style.setProperty("--poster-fit", Math.max(least, fit).toFixed(4));
  poster.classList.toggle("over", fit < least);
}

/** Make all of the slide, which is `over` pixels too high, as much smaller as it takes to fit, down to `least`; whether it fits. */
function shrink(body, least, over) {
  const spareAt = (factor) => {
    body.style.setProperty("--fit", factor.toFixed(4));
    return spareOf(body);
  };
  let spare = spareAt(least);
  if (spare < -1) return false;
  let low = least;
  let high = 1;
  for (let step = 0; step < STEPS && spare > NEAR; step += 1) {
    const middle = low + (high - low) * Math.max(0.1, Math.min(0.9, spare / (spare + Math.max(1, over))));
    const found = spareAt(middle);
    if (found >= -1) [low, spare] = [middle, found];
    else [high, over] = [middle, -found];
  }
  body.style.setProperty("--fit", low.toFixed(4));
  return true;
}

function fitWidth(pre) {
  pre.classList.remove("wrapped");
  pre.style.removeProperty("--code-fit");
  if (pre.scrollWidth <= pre.clientWidth) return;
  const { paddingLeft, paddingRight } = getComputedStyle(pre.querySelector(".line") ?? pre);
  const edges = parseFloat(paddingLeft) + parseFloat(paddingRight);
  const factor = (0.99 * (pre.clientWidth - edges)) / (pre.scrollWidth - edges);
  const least = pre.closest(".upright") ? WRAPPED_CODE : pre.querySelector(SHELL) ? LEAST_SHELL : LEAST_CODE;
  const isWrapped = factor < least;
  pre.classList.toggle("wrapped", isWrapped);
  if (!isWrapped) pre.style.setProperty("--code-fit", factor.toFixed(4));
}
