// Makes what stands on a slide fit into it: first long titles and wide code, then terminals, at last everything.
import { fitTitle } from "./title.js";

const LEAST_CODE = 0.6;
const LEAST_TERMINAL = 0.5;
const LEAST_TEXT = 0.3;
const STEPS = 7;

/** Fit one slide's body. The slide must be displayed; fitting twice gives the same sizes. */
export function fitSlide(section) {
  const body = section?.querySelector(":scope > .body");
  if (!body || body.clientHeight === 0) return;
  for (const property of ["--fit", "--terminal-fit"]) body.style.removeProperty(property);
  body.querySelectorAll(":scope > :is(h1, h2)").forEach(fitTitle);
  body.querySelectorAll("pre.code").forEach(fitWidth);
  if (fits(body)) return;
  if (body.querySelector(".terminal") && shrink(body, "--terminal-fit", LEAST_TERMINAL)) return;
  shrink(body, "--fit", LEAST_TEXT);
}

function fits(body) {
  return body.scrollHeight <= body.clientHeight + 1 && body.scrollWidth <= body.clientWidth + 1;
}

/** The largest factor from `least` to 1 that makes the body fit; whether one does. */
function shrink(body, property, least) {
  let low = least;
  let high = 1;
  body.style.setProperty(property, low);
  if (!fits(body)) return false;
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (low + high) / 2;
    body.style.setProperty(property, middle);
    if (fits(body)) low = middle;
    else high = middle;
  }
  body.style.setProperty(property, low.toFixed(4));
  return true;
}

function fitWidth(pre) {
  pre.classList.remove("wrapped");
  pre.style.removeProperty("--code-fit");
  if (pre.scrollWidth <= pre.clientWidth) return;
  const factor = Math.max(LEAST_CODE, (0.99 * pre.clientWidth) / pre.scrollWidth);
  pre.style.setProperty("--code-fit", factor.toFixed(4));
  if (pre.scrollWidth > pre.clientWidth) pre.classList.add("wrapped");
}
