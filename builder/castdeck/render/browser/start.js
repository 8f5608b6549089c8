// Starts reveal.js and gives each slide its terminals when it is shown.
import { fitSlide } from "./fit.js";
import { markLines } from "./lines.js";
import { listenToKeys } from "./steps.js";
import { terminalsOf, unmount } from "./terminal.js";

const settings = JSON.parse(document.getElementById("castdeck-settings").textContent);
const printing = /print-pdf/i.test(location.search) || settings.reveal.view === "print";
const stepwise = settings.play === "step";
const current = () => terminalsOf(Reveal.getCurrentSlide(), stepwise);

async function show(section) {
  fitSlide(section);
  const terminals = terminalsOf(section, stepwise);
  terminals.forEach((terminal) => terminal.mount());
  if (settings.play === "auto" && !/receiver/i.test(location.search)) {
    terminals.find((terminal) => terminal.state === "code" || terminal.state === "paused")?.play();
  }
}

function leave(section) {
  terminalsOf(section, stepwise).forEach((terminal) => terminal.pause());
}

function fitAllForPrint() {
  document.documentElement.classList.add("printing");
  document.querySelectorAll(".last-screen").forEach((screen) => (screen.hidden = false));
}

if (printing) fitAllForPrint();
Reveal.initialize({ ...settings.reveal, plugins: [RevealNotes] });

Reveal.on("ready", ({ currentSlide }) => {
  if (printing) return;
  show(currentSlide);
  listenToKeys(Reveal, current, stepwise);
});
Reveal.on("slidechanged", ({ previousSlide, currentSlide }) => {
  leave(previousSlide);
  show(currentSlide);
});
Reveal.on("pdf-ready", () => document.querySelectorAll("section").forEach(fitSlide));
for (const name of ["fragmentshown", "fragmenthidden"]) {
  Reveal.on(name, ({ fragments }) => {
    new Set(fragments.map((fragment) => fragment.closest(".code-box")).filter(Boolean)).forEach(markLines);
  });
}
document.fonts.ready.then(() => Reveal.isReady() && !printing && fitSlide(Reveal.getCurrentSlide()));
document.addEventListener(
  "load",
  ({ target }) => {
    const section = target.closest?.("section");
    if (section && target.tagName === "IMG" && section === Reveal.getCurrentSlide()) fitSlide(section);
  },
  true,
);
// A live preview that has put new slides into the page says so.
document.addEventListener("castdeck:slides", () => show(Reveal.getCurrentSlide()));
document.addEventListener("castdeck:leave", ({ target }) => unmount(target));
