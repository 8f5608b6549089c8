// All slides at once: a row for each section, a picture of each slide with its number, and a dot for each of its commands.
// Arrows walk, Enter or a click opens, Esc closes.
import { fitSlide } from "./fit.js";
import { titleOf } from "./now.js";
import { word } from "./words.js";

const OVERVIEW_KEYS = [
  { keyCode: 79, key: "O", description: "All slides" },
  { keyCode: 27, key: "Esc", description: "All slides" },
];
const UNSEEN = "script, aside, .transcript, .player, .last-screen, .tools, .proof, iframe, video, audio";

/** `o` and Esc open it. */
export function offerOverview(deck) {
  let grid = null;

  const close = () => {
    grid?.remove();
    grid = null;
  };
  const open = () => {
    grid = gridOf(deck);
    deck.getRevealElement().append(grid);
    chosen()?.focus();
    chosen()?.scrollIntoView({ block: "center" });
  };
  const chosen = () => grid.querySelector('[aria-current="true"]');
  const go = (tile) => {
    const { h, v } = deck.getIndices(deck.getSlides()[Number(tile.dataset.index)]);
    close();
    deck.slide(h, v);
  };
  for (const key of OVERVIEW_KEYS) deck.addKeyBinding(key, () => (grid ? close() : open()));
  document.addEventListener("click", ({ target }) => {
    const tile = target.closest?.(".overview-grid .tile");
    if (tile) go(tile);
  });
  document.addEventListener("keydown", (event) => {
    if (!grid) return;
    const tiles = [...grid.querySelectorAll(".tile")];
    const at = tiles.indexOf(document.activeElement);
    if (["Escape", "o"].includes(event.key)) close();
    else if (event.key === "Enter" && at >= 0) go(tiles[at]);
    else if (event.key.startsWith("Arrow") || ["Home", "End"].includes(event.key)) walk(tiles, Math.max(0, at), event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
}

/** Go on to the tile that lies in the direction of a key. */
function walk(tiles, at, key) {
  const target = {
    ArrowRight: () => tiles[at + 1],
    ArrowLeft: () => tiles[at - 1],
    ArrowDown: () => nearest(tiles.slice(at + 1), tiles[at]),
    ArrowUp: () => nearest(tiles.slice(0, at).reverse(), tiles[at]),
    Home: () => tiles[0],
    End: () => tiles.at(-1),
  }[key]?.();
  target?.focus();
  target?.scrollIntoView({ block: "nearest" });
}

/** The tile in the next row that lies closest to the column of this one; `others` are in order from it. */
function nearest(others, tile) {
  const row = others.find(({ offsetTop }) => Math.abs(offsetTop - tile.offsetTop) > 8);
  const inRow = others.filter(({ offsetTop }) => row && Math.abs(offsetTop - row.offsetTop) <= 8);
  return inRow.sort((one, other) => Math.abs(one.offsetLeft - tile.offsetLeft) - Math.abs(other.offsetLeft - tile.offsetLeft))[0];
}

function gridOf(deck) {
  const grid = document.createElement("div");
  grid.className = "overview-grid";
  grid.setAttribute("role", "dialog");
  grid.setAttribute("aria-label", word("slides"));
  const title = Object.assign(document.createElement("p"), { className: "title", textContent: document.title });
  grid.append(title);
  const sight = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      sight.unobserve(target);
      drawTile(target, deck);
    }
  }, { root: grid, rootMargin: "50%" });
  let row = null;
  deck.getSlides().forEach((slide, index) => {
    if (!row || slide.matches(".section")) {
      row = document.createElement("div");
      row.className = "lane";
      const label = Object.assign(document.createElement("h2"), { textContent: slide.matches(".section") ? titleOf(slide) : "" });
      const tiles = Object.assign(document.createElement("div"), { className: "tiles" });
      row.append(label, tiles);
      grid.append(row);
    }
    const tile = tileOf(deck, slide, index);
    row.lastElementChild.append(tile);
    sight.observe(tile);
  });
  return grid;
}

function tileOf(deck, slide, index) {
  const tile = Object.assign(document.createElement("button"), { type: "button", className: "tile" });
  tile.dataset.index = String(index);
  tile.setAttribute("aria-label", `${index + 1}: ${titleOf(slide)}`);
  tile.setAttribute("aria-current", String(slide === deck.getCurrentSlide()));
  const picture = Object.assign(document.createElement("span"), { className: "picture" });
  const { width, height } = deck.getConfig();
  picture.style.aspectRatio = `${width} / ${height}`;
  const below = Object.assign(document.createElement("span"), { className: "below", textContent: String(index + 1) });
  const played = slide.querySelectorAll(".command.visible").length;
  const commands = [...slide.querySelectorAll(".command")];
  below.append(...commands.map((_, number) => Object.assign(document.createElement("i"), { className: number < played ? "played" : "" })));
  tile.append(picture, below);
  return tile;
}

/** Put a small copy of its slide into a tile. */
function drawTile(tile, deck) {
  const slide = deck.getSlides()[Number(tile.dataset.index)];
  const copy = slide.cloneNode(true);
  for (const name of [...copy.attributes].map(({ name }) => name)) if (!["class", "data-layout"].includes(name)) copy.removeAttribute(name);
  copy.classList.remove("present", "past", "future", "stack");
  copy.querySelectorAll(UNSEEN).forEach((part) => part.remove());
  copy.querySelectorAll(".fragment").forEach((part) => part.classList.add("visible"));
  copy.querySelectorAll(".terminal").forEach((part) => (part.dataset.state = "code"));
  copy.inert = true;
  const picture = tile.querySelector(".picture");
  const { width } = deck.getConfig();
  picture.style.setProperty("--small", String(picture.clientWidth / width));
  if (slide.dataset.backgroundColor) picture.style.background = slide.dataset.backgroundColor;
  picture.append(copy);
  fitSlide(copy);
}
