// In the deck's frame: offers to take terminals over, and tells castdeck's page where they stand and how they look. The
// live terminal itself is castdeck's page's own: nothing in the frame can read it or type into it.
import { word } from "../../render/browser/words.js";

const KEY_TAKE = { keyCode: 89, key: "Y", description: word("liveTitle") };
const COLOURS = [
  "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
  "brightBlack", "brightRed", "brightGreen", "brightYellow", "brightBlue", "brightMagenta", "brightCyan", "brightWhite",
];
const MOVED = ["slidechanged", "slidetransitionend", "resize", "overviewshown", "overviewhidden", "fragmentshown", "fragmenthidden"];

/** `say` tells castdeck's page {boxes} and {take}; gives the function that hears from it which blocks are live. */
export function offerTakeOver(say) {
  let soon = 0;
  let live = new Set();
  const tell = () => {
    cancelAnimationFrame(soon);
    soon = requestAnimationFrame(() => {
      shownFrames().forEach(addButton);
      say({ boxes: shownFrames().map(boxOf) });
    });
  };
  const take = (frame) => {
    if (!frame) return;
    if (frame.dataset.state === "playing") frame.querySelector("button.play").click();
    say({ boxes: shownFrames().map(boxOf) });
    say({ take: frame.dataset.block });
  };
  MOVED.forEach((name) => Reveal.on(name, tell));
  for (const name of ["castdeck:rows", "castdeck:terminal", "castdeck:slides"]) document.addEventListener(name, tell);
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".terminal button.take");
    if (button) take(button.closest(".terminal"));
  });
  Reveal.addKeyBinding(KEY_TAKE, () => take(chosenFrame()));
  tell();
  return (blocks) => {
    const fresh = blocks.filter((block) => !live.has(block));
    live = new Set(blocks);
    for (const frame of document.querySelectorAll("figure.terminal")) frame.toggleAttribute("inert", live.has(frame.dataset.block));
    fresh.forEach(passCommands);
  };
}

/** The terminals that can be seen now. */
function shownFrames() {
  if (Reveal.isOverview()) return [];
  const frames = [...(Reveal.getCurrentSlide()?.querySelectorAll(".terminal") ?? [])];
  return frames.filter((frame) => !frame.closest(".fragment:not(.visible)"));
}

/** The one that was played last, or the first. */
function chosenFrame() {
  const frames = shownFrames();
  return frames.findLast((frame) => frame.dataset.state !== "code") ?? frames[0];
}

function addButton(frame) {
  const tools = frame.querySelector(".tools");
  if (!tools || tools.querySelector(".take")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "take";
  button.title = word("liveTitle");
  button.textContent = word("live");
  tools.prepend(button);
}

/** The next key goes on behind the commands that a live terminal covers. */
function passCommands(block) {
  const commands = shownFrames().filter((frame) => frame.dataset.block === block).flatMap((frame) => [...frame.querySelectorAll(".command.fragment")]);
  const last = commands.at(-1);
  if (last && !last.classList.contains("visible")) Reveal.navigateFragment(Number(last.dataset.fragmentIndex));
}

/** Where a terminal stands in the window, what it has shown, and how it looks. */
function boxOf(frame) {
  const { x, y, width, height } = frame.getBoundingClientRect();
  const scale = width / frame.offsetWidth || 1;
  const style = getComputedStyle(frame.querySelector(".commands"));
  const size = parseFloat(style.fontSize);
  return {
    block: frame.dataset.block,
    command: Number(frame.dataset.command ?? 0),
    x, y, width, height,
    look: { font: style.fontFamily, size: size * scale, line: parseFloat(style.lineHeight) / size || 1.33, colours: coloursOf(frame) },
  };
}

function coloursOf(frame) {
  const probe = frame.querySelector(".screen").appendChild(document.createElement("span"));
  const resolve = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = Object.fromEntries(COLOURS.map((name, number) => [name, resolve(`--term-${number}`)]));
  Object.assign(colours, { background: resolve("--term-background"), foreground: resolve("--term-foreground"), cursor: resolve("--term-foreground") });
  probe.remove();
  return colours;
}
