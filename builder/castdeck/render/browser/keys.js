// `?` lists all keys, in the deck's language.
import { word } from "./words.js";

const ALL_KEYS = [
  ["→ n", "keyNext"],
  ["← p", "keyBack"],
  ["t", "keyPlay"],
  ["c", "keyAgain"],
  ["r", "keySkip"],
  ["e", "keyAll"],
  ["y", "keyType"],
  ["x", "keyText"],
  ["+ −", "keySize"],
  ["z", "keyFill"],
  ["s", "keySpeaker"],
  ["o Esc", "keyOverview"],
  ["g 1–9", "keyGo"],
  ["/", "keyFind"],
  ["b w", "keyBlack"],
  ["a i d", "keyInk"],
  ["u", "keyWipe"],
  ["f", "keyFull"],
  ["Ctrl-p", "keyPrint"],
];

/** Any key puts the list away again, and does nothing else. */
export function offerKeys(deck) {
  let list = null;
  document.addEventListener("keydown", (event) => {
    if (list) {
      list.remove();
      list = null;
    } else if (event.key === "?" && !event.target.closest?.("input, textarea, [contenteditable]")) {
      list = keyList();
      deck.getRevealElement().append(list);
      list.focus();
    } else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
}

function keyList() {
  const box = document.createElement("div");
  box.className = "keys";
  box.tabIndex = -1;
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", word("keys"));
  const table = document.createElement("dl");
  for (const [keys, name] of ALL_KEYS) {
    const names = document.createElement("dt");
    names.append(...keys.split(" ").map((key) => Object.assign(document.createElement("kbd"), { textContent: key })));
    const row = document.createElement("div");
    row.append(names, Object.assign(document.createElement("dd"), { textContent: word(name) }));
    table.append(row);
  }
  box.append(table);
  return box;
}
