// Readers come back: where they were is kept, and offered to them when they open the deck anew.

import { word } from "./words.js";

const isFor = () => window === window.top && !document.getElementById("castdeck-live");
const openedAt = location.hash; // reveal.js writes its own soon
const NAME = `castdeck:${location.pathname}`;

/** Keep the place from now on, and offer the one that was kept before. An address that names a slide comes first. */
export function offerToResume(deck) {
  if (!isFor()) return;
  const kept = read();
  if (kept && !openedAt && document.getElementById(kept.id)) offer(deck, kept);
  for (const name of ["slidechanged", "fragmentshown", "fragmenthidden"]) deck.on(name, () => keep(deck));
}

function keep(deck) {
  const slide = deck.getCurrentSlide();
  const place = { id: slide.id, f: deck.getIndices().f, title: slide.querySelector("h1, h2, h3")?.textContent ?? "" };
  try {
    if (deck.isFirstSlide()) localStorage.removeItem(NAME);
    else localStorage.setItem(NAME, JSON.stringify(place));
  } catch {
    // a browser that keeps nothing
  }
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(NAME));
  } catch {
    return null;
  }
}

function offer(deck, { id, f, title }) {
  const bar = document.createElement("div");
  bar.className = "resume";
  bar.setAttribute("role", "status");
  const go = button(title ? word("continueAt").replace("{}", title) : word("continueHere"), () => {
    const { h, v } = deck.getIndices(document.getElementById(id));
    deck.slide(h, v, f);
  });
  bar.append(go, button(word("no"), () => bar.remove()));
  deck.getRevealElement().append(bar);
  deck.on("slidechanged", () => bar.remove());
}

function button(text, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", action);
  return made;
}
