// A terminal that is wider than its slide is panned sideways, with a finger too. While a command is typed, the end of its
// line stays in sight.

const CELL_WIDTH = 0.6; // of its height
const followed = new WeakMap(); // by screen, where the typing has panned it to

/** Let a terminal be panned if its columns need more room than it has. */
export function letPan(frame) {
  const screen = frame.querySelector(".screen");
  const { paddingLeft } = getComputedStyle(frame.querySelector(".bar"));
  const isWide = cellOf(screen) * frame.dataset.cols > screen.clientWidth - 2 * parseFloat(paddingLeft) + 1;
  frame.classList.toggle("wide", isWide);
  screen.toggleAttribute("data-prevent-swipe", isWide); // reveal.js would turn the slide
  if (!isWide) screen.scrollLeft = 0;
}

/** Pan to the end of the line that is typed, and back when its output comes; `rows` are the player's. */
export function followTyping(frame, rows) {
  if (!frame.classList.contains("wide")) return;
  const screen = frame.querySelector(".screen");
  const last = rows.findLast((row) => row.textContent.trim());
  const isTyped = frame.dataset.state === "playing" && last?.querySelector(".ap-bold");
  const end = isTyped ? (last.textContent.trimEnd().length + 1) * cellOf(screen) : 0;
  const inset = parseFloat(getComputedStyle(frame.querySelector(".bar")).paddingLeft);
  const place = Math.max(0, end + 2 * inset - screen.clientWidth);
  if (place !== (followed.get(screen) ?? 0)) screen.scrollLeft = place;
  followed.set(screen, place);
}

function cellOf(screen) {
  return CELL_WIDTH * parseFloat(getComputedStyle(screen).fontSize);
}
