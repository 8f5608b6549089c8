// The handout's maths, diagrams and copy buttons.
import { drawDiagrams } from "./diagrams.js";
import { typesetMaths } from "./maths.js";

typesetMaths(document);
drawDiagrams(document);

const SHOWN_FOR = 2000; // milliseconds

document.addEventListener("click", async ({ target }) => {
  if (!target.matches?.("button.copy")) return;
  try {
    await navigator.clipboard.writeText(target.dataset.copy);
    target.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(target.parentElement.querySelector("code"));
    target.textContent = "Press Ctrl+C";
  }
  setTimeout(() => (target.textContent = "Copy"), SHOWN_FOR);
});
