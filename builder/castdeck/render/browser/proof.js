// The mark in a terminal's title bar: "recorded 12 Nov 2026 · docker · verified today". A click opens all of the proof.
import { word } from "./words.js";

const ROWS = ["recorded", "machine", "tools", "statuses", "verified"];

/** Write the words of a slide's marks, in the deck's language. */
export function tellProofs(section) {
  for (const mark of section.querySelectorAll(".terminal .proof")) {
    const { recorded, machine, verified } = mark.dataset;
    const parts = [recorded ? word("recordedOn").replace("{}", day(recorded)) : word("recordedReally"), machine];
    if (verified) parts.push(word("verifiedOn").replace("{}", day(verified)));
    const text = Object.assign(document.createElement("span"), { textContent: parts.join(" · ") });
    mark.replaceChildren(text);
    mark.setAttribute("aria-label", `${word("proof")}: ${text.textContent}`);
  }
}

/** A click on a mark opens its card, a second one or Escape closes it. */
export function listenToProofs() {
  document.addEventListener("click", ({ target }) => {
    const mark = target.closest?.(".terminal .proof");
    const open = document.querySelector(".terminal .proof-card");
    if (mark) show(mark, open?.previousElementSibling !== mark.closest(".bar"));
    else if (open && !target.closest?.(".proof-card")) show(markOf(open), false);
  });
  document.addEventListener("keydown", (event) => {
    const open = document.querySelector(".terminal .proof-card");
    if (event.key !== "Escape" || !open) return;
    show(markOf(open), false);
    event.stopPropagation();
  }, true);
}

function markOf(card) {
  return card.closest(".terminal").querySelector(".proof");
}

function show(mark, isOpen) {
  const frame = mark.closest(".terminal");
  frame.querySelector(".proof-card")?.remove();
  mark.setAttribute("aria-expanded", String(isOpen));
  if (!isOpen) return;
  const card = document.createElement("dl");
  card.className = "proof-card";
  const title = Object.assign(document.createElement("p"), { textContent: word("proof") });
  card.append(title);
  for (const name of ROWS) {
    const text = rowText(name, mark.dataset);
    if (!text) continue;
    const row = document.createElement("div");
    row.append(
      Object.assign(document.createElement("dt"), { textContent: word(`${name}Label`) }),
      Object.assign(document.createElement("dd"), { textContent: text }),
    );
    card.append(row);
  }
  frame.querySelector(".bar").after(card);
  if (card.scrollHeight > card.clientHeight) card.tabIndex = 0; // a keyboard scrolls it
}

function rowText(name, { recorded, machine, tools, statuses, seconds, verified }) {
  if (name === "recorded") return [recorded && day(recorded), seconds && word("inSeconds").replace("{}", seconds)].filter(Boolean).join(", ");
  return { machine, tools, statuses, verified: verified && day(verified) }[name];
}

/** A day in the page's language; today by its word. */
function day(text) {
  const [year, month, date] = text.split("-").map(Number);
  const then = new Date(year, month - 1, date);
  const isToday = then.toDateString() === new Date().toDateString();
  return isToday ? word("today") : then.toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "short", year: "numeric" });
}
