// What a command does, said while it plays; and, for screen readers, what stands on the screen after it.
import { terminalOf } from "./terminal.js";

/** Show the captions that the author gives, and have screen readers told of each command. */
export function announceCommands(deck) {
  let told = "";
  const say = (text) => {
    const status = deck.getRevealElement().querySelector(".aria-status");
    if (status && text !== told) status.textContent = text;
    told = text;
  };
  const tell = (terminal) => {
    const { frame, command, state } = terminal;
    const entry = frame.querySelectorAll(".command")[command - 1];
    const caption = entry?.dataset.caption ?? "";
    if ("captioned" in frame.dataset) frame.querySelector(".bar .caption").textContent = caption;
    if (!entry || terminal.section !== deck.getCurrentSlide() || terminal.isHalfway) return;
    if (state === "playing") say([caption, terminal.text(command)].filter(Boolean).join(": "));
    else say(entry.querySelector("pre").textContent.trim() || terminal.text(command));
  };
  document.addEventListener("castdeck:terminal", ({ detail }) => tell(detail.terminal));
  // reveal.js reads the whole step out, buttons and all, before its command has played.
  for (const name of ["fragmentshown", "fragmenthidden"]) {
    deck.on(name, ({ fragments }) => {
      const command = fragments.find((fragment) => fragment.matches(".command"));
      if (!command) return;
      told = "";
      queueMicrotask(() => tell(terminalOf(command)));
    });
  }
}
