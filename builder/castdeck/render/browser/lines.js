// Line highlights in steps: `[1-2|4]` marks lines 1 and 2, then, on the next key press, line 4.

/** Mark the lines that the code's last shown step names. */
export function markLines(box) {
  const pre = box.querySelector("pre.code");
  const shown = [...box.querySelectorAll(":scope > .line-step.visible")].at(-1) ?? pre;
  const numbers = new Set((shown.dataset.lines ?? "").split(",").map(Number));
  pre.toggleAttribute("data-marked", Boolean(shown.dataset.lines));
  pre.querySelectorAll(".line").forEach((line, index) => line.classList.toggle("marked", numbers.has(index + 1)));
}
