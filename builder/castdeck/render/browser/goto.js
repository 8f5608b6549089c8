// Going to a slide by its number or by words: slides whose title has them come first, then those whose text has them.
import { titleOf } from "./now.js";
import { word } from "./words.js";

const MOST_LISTED = 8;
const KEY_GO = { keyCode: 71, key: "G", description: "Go to a slide" };

/** `g` opens the list; a digit opens it, too, with the number begun. */
export function offerGoto(deck) {
  const box = document.createElement("div");
  box.className = "goto";
  box.hidden = true;
  const input = Object.assign(document.createElement("input"), { type: "text", placeholder: word("goTo") });
  input.setAttribute("aria-label", word("goTo"));
  const list = document.createElement("ol");
  box.append(input, list);
  deck.getRevealElement().append(box);
  let chosen = 0;

  const open = (text) => {
    box.hidden = false;
    input.value = text;
    chosen = 0;
    fillList();
    input.focus();
  };
  const close = () => {
    box.hidden = true;
    input.blur();
  };
  const go = (slide) => {
    if (slide) {
      const { h, v } = deck.getIndices(slide);
      deck.slide(h, v);
    }
    close();
  };
  const fillList = () => {
    const found = slidesFor(deck.getSlides(), input.value.trim());
    chosen = Math.max(0, Math.min(chosen, found.length - 1));
    list.replaceChildren(
      ...found.map(({ slide, number }, index) => {
        const button = Object.assign(document.createElement("button"), { type: "button" });
        button.append(Object.assign(document.createElement("b"), { textContent: String(number) }), ` ${titleOf(slide)}`);
        button.setAttribute("aria-current", String(index === chosen));
        button.addEventListener("click", () => go(slide));
        const item = document.createElement("li");
        item.append(button);
        return item;
      }),
    );
    return found;
  };
  deck.addKeyBinding(KEY_GO, () => open(""));
  input.addEventListener("input", () => {
    chosen = 0;
    fillList();
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest?.("input, textarea, [contenteditable]");
    if (box.hidden) {
      if (!/^\d$/.test(event.key) || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      open(event.key);
    } else if (event.key === "Escape") close();
    else if (event.key === "Enter") go(fillList()[chosen]?.slide);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      chosen += event.key === "ArrowDown" ? 1 : -1;
      fillList();
    } else {
      event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }, true);
}

/** The slides that a text names, the best first: by number, then by title, then by what stands on them. */
function slidesFor(slides, text) {
  const all = slides.map((slide, index) => ({ slide, number: index + 1 }));
  if (/^\d+$/.test(text)) return all.filter(({ number }) => number === Number(text));
  const wanted = text.toLowerCase();
  const inTitle = all.filter(({ slide }) => titleOf(slide).toLowerCase().includes(wanted));
  const inText = wanted ? all.filter((one) => !inTitle.includes(one) && bodyOf(one.slide).includes(wanted)) : [];
  return [...inTitle, ...inText].slice(0, MOST_LISTED);
}

function bodyOf(slide) {
  return (slide.querySelector(":scope > .body")?.textContent ?? "").toLowerCase();
}
