// The speaker's view shows two copies of the deck. reveal.js keeps their slides and fragments in step; here the
// terminals are: what plays, is held or finished in one window is so in the other.

import { word } from "./words.js";

const ASKED = ["toggle", "playAll", "finish"];

/** Write the slide's next command into its notes, which the speaker's view shows. */
export function tellNext(section, terminals) {
  const notes = section?.querySelector(":scope > .notes.next");
  if (!notes) return;
  const terminal = terminals.find((one) => one.isStepwise && one.command < one.commands);
  notes.replaceChildren();
  if (!terminal) return;
  const command = document.createElement("code");
  command.textContent = terminal.text(terminal.command + 1);
  const line = document.createElement("p");
  line.append(`${word("next")} `, command);
  notes.append(line);
}

/** In the deck's own window: tell its copies what the terminals do, and do what is asked for there. */
export function lead(steps) {
  const copies = new Set();
  listen((message, source) => {
    if (message.castdeck === "hello") copies.add(source);
    if (message.castdeck === "do" && ASKED.includes(message.what)) steps[message.what]();
  });
  document.addEventListener("castdeck:terminal", ({ detail: { terminal } }) => {
    const { command, isHalfway, state, time } = terminal;
    const told = { castdeck: "terminal", block: terminal.frame.dataset.block, command, isHalfway, state, time };
    for (const copy of copies) copy.postMessage(JSON.stringify(told), "*");
  });
}

/** In the copy that shows the current slide: ask the deck's window, and do as it does. */
export function followLead(steps, terminalNamed) {
  const tell = (message) => parent.opener?.postMessage(JSON.stringify(message), "*");
  tell({ castdeck: "hello" });
  steps.toggle = () => tell({ castdeck: "do", what: "toggle" });
  steps.playAll = () => tell({ castdeck: "do", what: "playAll" });
  steps.finish = () => {
    const isPlaying = steps.terminals.some((terminal) => terminal.state === "playing" || terminal.isHalfway);
    if (isPlaying) tell({ castdeck: "do", what: "finish" });
    return isPlaying;
  };
  listen((message) => {
    const terminal = message.castdeck === "terminal" && terminalNamed(message.block);
    if (terminal) copyState(terminal, message);
  });
}

function copyState(terminal, { command, isHalfway, state, time }) {
  if (terminal.isStepwise && command !== terminal.command) return; // the fragment is still to come
  if (isHalfway !== terminal.isHalfway) terminal.hold(time);
  else if (state === "playing" && !terminal.isStepwise && terminal.state !== "playing") terminal.play(command);
  else if (state !== "playing" && terminal.state === "playing") terminal.show(command);
}

function listen(take) {
  window.addEventListener("message", ({ data, source }) => {
    if (typeof data !== "string" || !data.includes('"castdeck"')) return;
    try {
      take(JSON.parse(data), source);
    } catch {
      // not ours
    }
  });
}
