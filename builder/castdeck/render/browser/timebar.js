// Under a terminal: how far it is, with a dot for each command. Hovering over one shows the screen that the command left,
// clicking plays it. The bar in the margin stands beside the command that is on the screen now.

import { minutes } from "./minutes.js";
import { followTyping } from "./pan.js";
import { giveWay } from "./waiting.js";

const watched = new WeakSet();

/** Keep all terminals' bars in step with what they play; `goTo(terminal, number)` plays a command. */
export function followTime(goTo) {
  document.addEventListener("castdeck:terminal", ({ detail: { terminal } }) => draw(terminal));
  document.addEventListener("click", ({ target }) => {
    const dot = target.closest?.(".terminal .dot");
    if (dot) goTo(dot, Number(dot.dataset.number));
  });
  document.addEventListener("pointerover", ({ target }) => {
    const dot = target.closest?.(".terminal .dot");
    if (dot) glance(dot);
  });
  document.addEventListener("pointerout", ({ target }) => {
    const dot = target.closest?.(".terminal .dot");
    if (dot) dot.closest(".terminal").querySelector(".glance")?.remove();
  });
}

function draw(terminal) {
  const { frame, command, state } = terminal;
  watchScreen(frame);
  for (const dot of frame.querySelectorAll(".dot")) {
    const number = Number(dot.dataset.number);
    dot.classList.toggle("past", number < command || (number === command && state !== "playing" && state !== "code"));
    dot.classList.toggle("current", number === Math.max(1, command));
  }
  tick(terminal);
}

/** Show the time, and again in the next frame as long as it plays. */
function tick(terminal) {
  const { frame, duration } = terminal;
  const time = terminal.state === "code" ? 0 : Math.min(terminal.time, duration);
  const now = terminal.state === "ended" ? duration : time;
  frame.style.setProperty("--played", duration ? (now / duration).toFixed(4) : 0);
  const shown = frame.querySelector(".clock");
  const text = `${minutes(now)} / ${minutes(duration)}`;
  if (shown.textContent !== text) {
    const strong = document.createElement("b");
    strong.textContent = minutes(now);
    shown.replaceChildren(strong, ` / ${minutes(duration)}`);
  }
  if (terminal.state === "playing" && !terminal.ticks) {
    terminal.ticks = requestAnimationFrame(() => {
      terminal.ticks = 0;
      tick(terminal);
    });
  }
}

/** Look at the rows again whenever the player has drawn some. */
function watchScreen(frame) {
  if (watched.has(frame)) return;
  watched.add(frame);
  let waits = 0;
  new MutationObserver(() => {
    waits ||= requestAnimationFrame(() => {
      waits = 0;
      markNow(frame);
    });
  }).observe(frame.querySelector(".player"), { childList: true, subtree: true });
}

/** The bar in the margin: from the first row that is not past to the last one with text. */
function markNow(frame) {
  const rows = [...frame.querySelectorAll(".ap-line")];
  followTyping(frame, rows);
  const last = rows.findLastIndex((row) => row.textContent.trim());
  giveWay(frame, last);
  const first = rows.findIndex((row) => row.querySelector("span.ap-bold"));
  if (first < 0 || last < 0 || frame.dataset.state === "code") {
    frame.style.removeProperty("--now-rows");
    return;
  }
  const isPrompt = last > first && [...rows[last].children].every((span) => /rgb\(1, 1, 1\)/.test(span.style.color) || !span.textContent.trim());
  focusOn(frame, rows, first, isPrompt ? last : last + 1);
  frame.style.setProperty("--now-top", first);
  frame.style.setProperty("--now-rows", last - first + (isPrompt ? 0 : 1));
}

const LINES_ONLY = /^\d+(-\d+)?(,\d+(-\d+)?)*$/;

/** Once a command has ended, the lines of its output that the author names stand out, the others step back. */
function focusOn(frame, rows, first, end) {
  const { focus } = frame.dataset;
  if (!focus) return;
  const output = rows.slice(first + 1, end);
  const isHit = matcher(focus);
  const hits = frame.dataset.state === "playing" ? [] : output.filter((row, index) => isHit(row.textContent, index + 1));
  frame.classList.toggle("focused", hits.length > 0);
  for (const row of rows) row.classList.toggle("hit", hits.includes(row));
}

function matcher(focus) {
  if (!LINES_ONLY.test(focus)) {
    const expression = new RegExp(focus);
    return (text) => expression.test(text);
  }
  const ranges = focus.split(",").map((part) => part.split("-").map(Number));
  return (_, number) => ranges.some(([from, to = from]) => number >= from && number <= to);
}

const GLANCE_LINES = 8;

/** A small picture of what a command left on the screen: it, and its last lines, from the text of the session. */
function glance(dot) {
  const frame = dot.closest(".terminal");
  const number = Number(dot.dataset.number);
  const entry = frame.querySelectorAll(".command")[number - 1];
  if (!entry) return;
  frame.querySelector(".glance")?.remove();
  const card = document.createElement("div");
  card.className = "glance";
  card.style.setProperty("--at", dot.style.getPropertyValue("--at"));
  card.setAttribute("aria-hidden", "true");
  const screen = document.createElement("pre");
  const [typed] = entry.querySelector("code").textContent.split("\n");
  const output = entry.querySelector("pre").textContent.split("\n").slice(-GLANCE_LINES);
  screen.append(Object.assign(document.createElement("b"), { textContent: typed }), `\n${output.join("\n")}`);
  const label = document.createElement("p");
  const parts = [String(number), typed, minutes(Number(dot.dataset.seconds))];
  label.append(...parts.map((text) => Object.assign(document.createElement("span"), { textContent: text })));
  card.append(screen, label);
  frame.append(card);
}
