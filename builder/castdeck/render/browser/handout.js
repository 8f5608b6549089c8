// The handout's maths, diagrams and copy buttons.
import { drawDiagrams } from "./diagrams.js";
import { typesetMaths } from "./maths.js";

typesetMaths(document);
drawDiagrams(document);

const said = document.documentElement.dataset;
for (const button of document.querySelectorAll("button.copy")) button.textContent = said.copy;

const SHOWN_FOR = 2000; // milliseconds

document.addEventListener("click", async ({ target }) => {
  if (!target.matches?.("button.copy")) return;
  try {
    await navigator.clipboard.writeText(target.dataset.copy);
    target.textContent = said.copied;
  } catch {
    getSelection().selectAllChildren(target.parentElement.querySelector("code"));
    target.textContent = said.press;
  }
  setTimeout(() => (target.textContent = said.copy), SHOWN_FOR);
});
