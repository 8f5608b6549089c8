// The speaker's view is this same page in a window of its own, with `?speaker` in its address: see speaker_view.js. Here
// the deck's window tells it where the deck is and what the terminals do, and takes the keys that are pressed there.
//
//   view to deck   {castdeck: "speaker", isNew}     {castdeck: "key", key, keyCode, shiftKey}
//   deck to view   {castdeck: "now", now, state, next}     {castdeck: "terminal", ...}     {castdeck: "size", step} of its notes
//
// Where the deck stands in a frame of castdeck's, the page around it opens the view and passes these on.
import { press } from "./press.js";

const VIEW = "castdeck-speaker";
const NOTE_KEYS = { "+": 1, "=": 1, "-": -1, _: -1 };
const KEY_VIEW = { keyCode: 83, key: "S", description: "Speaker's view" };

/** In the deck's own window: open the view, and lead it. */
export function lead(deck, steps) {
  const views = new Set();
  let last = null;
  const tell = (message) => {
    const text = JSON.stringify(message);
    for (const view of views) view.postMessage(text, "*");
  };
  const tellTerminal = ({ command, isHalfway, state, time, frame }) =>
    tell({ castdeck: "terminal", block: frame.dataset.block, command, isHalfway, state, time });
  const tellAll = () => {
    if (last) tell(last);
    steps.terminals.forEach(tellTerminal);
  };
  deck.addKeyBinding(KEY_VIEW, () => {
    const isOurs = document.dispatchEvent(new CustomEvent("castdeck:speaker", { cancelable: true }));
    if (isOurs) window.open(`${location.href.split(/[?#]/)[0]}?speaker`, VIEW);
  });
  listen((message, source) => {
    if (source !== parent && source.opener !== window) return;
    if (message.castdeck === "key") takeKey(message, source);
    if (message.castdeck !== "speaker") return;
    const isNew = message.isNew || !views.has(source);
    views.add(source);
    if (isNew) tellAll();
  });
  document.addEventListener("castdeck:now", ({ detail }) => {
    const { h, v } = deck.getIndices(deck.getSlides()[detail.number]);
    last = { castdeck: "now", now: detail, state: deck.getState(), next: detail.next ? { indexh: h, indexv: v, indexf: -1 } : null };
    tell(last);
  });
  document.addEventListener("castdeck:terminal", ({ detail: { terminal } }) => tellTerminal(terminal));
}

/** A key that was pressed in the view: these two are its own, unless something is typed here. */
function takeKey(message, view) {
  const step = NOTE_KEYS[message.key];
  if (step && !document.activeElement?.matches("input")) view.postMessage(JSON.stringify({ castdeck: "size", step }), "*");
  else press(message);
}

/** In the view's copy of this slide: do as the deck's terminals do. */
export function followLead(terminalNamed) {
  listen((message, source) => {
    const terminal = source === parent && message.castdeck === "terminal" && terminalNamed(message.block);
    if (terminal) copyState(terminal, message);
  });
}

function copyState(terminal, { command, isHalfway, state, time }) {
  if (terminal.isStepwise && command !== terminal.command) return; // the fragment is still to come
  if (isHalfway !== terminal.isHalfway) terminal.hold(time);
  else if (state === "playing" && !terminal.isStepwise && terminal.state !== "playing") terminal.play(command);
  else if (state !== "playing" && terminal.state === "playing") terminal.show(command);
}

/** Hear what castdeck's windows say to each other. */
export function listen(take) {
  window.addEventListener("message", ({ data, source }) => {
    if (typeof data !== "string" || !data.includes('"castdeck"')) return;
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      return; // not ours
    }
    take(message, source);
  });
}
