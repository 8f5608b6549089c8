// The key that goes on plays the slide's terminals first, command by command, then is reveal.js's again.

const NEXT_KEYS = new Set(["ArrowRight", "PageDown", " ", "n", "N", "l", "L"]);

/** `current()` gives the terminals of the slide that is shown. */
export function listenToKeys(reveal, current, stepwise) {
  window.addEventListener(
    "keydown",
    (event) => {
      if (isForSomeoneElse(event, reveal)) return;
      const taken = event.key === "p" ? playOrPause(current()) : stepwise && isNext(event) && advance(current());
      if (!taken) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );
}

function isNext(event) {
  return NEXT_KEYS.has(event.key) && !event.shiftKey;
}

function isForSomeoneElse(event, reveal) {
  if (event.altKey || event.ctrlKey || event.metaKey || reveal.isPaused() || reveal.isOverview()) return true;
  if (reveal.getConfig().keyboard === false || document.querySelector(".r-overlay")) return true;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return true;
  return (event.key === " " || event.key === "Enter") && Boolean(event.target.closest?.("button, a"));
}

function visible(terminal) {
  return !terminal.frame.closest(".fragment:not(.visible)");
}

/** Whether there was a command left to play. */
function advance(terminals) {
  return terminals.filter(visible).some((terminal) => terminal.advance());
}

function playOrPause(terminals) {
  const shown = terminals.filter(visible);
  const target = shown.find((terminal) => terminal.state !== "ended") ?? shown.at(-1);
  target?.toggle();
  return Boolean(target);
}
