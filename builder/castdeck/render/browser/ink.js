// For the one who speaks: a pointer, a spotlight, and a pen whose lines stay on their slide.

const KEYS = {
  pointer: { keyCode: 65, key: "A", description: "Pointer" },
  spotlight: { keyCode: 73, key: "I", description: "Spotlight" },
  pen: { keyCode: 68, key: "D", description: "Draw" },
};
const KEY_WIPE = { keyCode: 85, key: "U", description: "Wipe the drawing off this slide" };
const SVG = "http://www.w3.org/2000/svg";

/** Take the keys of the three tools; one is in the hand at a time. */
export function offerInk(deck) {
  const viewport = deck.getViewportElement();
  const light = document.createElement("div");
  light.className = "light";
  light.setAttribute("aria-hidden", "true");
  viewport.append(light);
  let line = null;

  const take = (tool) => {
    const isHeld = viewport.dataset.tool === tool;
    if (isHeld) delete viewport.dataset.tool;
    else viewport.dataset.tool = tool;
    line = null;
  };
  for (const [tool, key] of Object.entries(KEYS)) deck.addKeyBinding(key, () => take(tool));
  deck.addKeyBinding(KEY_WIPE, () => deck.getCurrentSlide().querySelector(":scope > .ink")?.remove());

  viewport.addEventListener("pointermove", (event) => {
    viewport.style.setProperty("--x", `${event.clientX}px`);
    viewport.style.setProperty("--y", `${event.clientY}px`);
    if (line) extend(line, placeOn(deck, event));
  });
  viewport.addEventListener("pointerdown", (event) => {
    if (viewport.dataset.tool !== "pen" || event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    line = document.createElementNS(SVG, "polyline");
    sheetOf(deck).append(line);
    extend(line, placeOn(deck, event));
  }, true);
  for (const name of ["pointerup", "pointercancel"]) viewport.addEventListener(name, () => (line = null), true);
  viewport.addEventListener("click", (event) => {
    if (viewport.dataset.tool === "pen") event.stopPropagation();
  }, true);
}

/** The sheet that lies over the current slide. */
function sheetOf(deck) {
  const slide = deck.getCurrentSlide();
  let sheet = slide.querySelector(":scope > .ink");
  if (sheet) return sheet;
  const { width, height } = deck.getComputedSlideSize();
  sheet = document.createElementNS(SVG, "svg");
  sheet.setAttribute("class", "ink");
  sheet.setAttribute("viewBox", `0 0 ${width} ${height}`);
  sheet.setAttribute("aria-hidden", "true");
  slide.append(sheet);
  return sheet;
}

/** Where the pointer is on the slide, in the slide's own pixels. */
function placeOn(deck, { clientX, clientY }) {
  const box = deck.getCurrentSlide().getBoundingClientRect();
  const { width } = deck.getComputedSlideSize();
  const scale = width / box.width;
  return `${((clientX - box.left) * scale).toFixed(1)},${((clientY - box.top) * scale).toFixed(1)}`;
}

function extend(line, place) {
  line.setAttribute("points", `${line.getAttribute("points") ?? ""} ${place}`);
}
