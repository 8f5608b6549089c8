// The speaker's view: this slide and the next one as copies of the deck, the notes, the commands with their seconds, the
// time, and how far it is from the plan. It asks for all of that until it is there, so either window may be loaded anew.
import { offerKeys } from "./keys.js";
import { minutes } from "./minutes.js";
import { listen } from "./speaker.js";
import { word } from "./words.js";

export const isSpeakerView = new URLSearchParams(location.search).has("speaker");

const COPY = "?receiver&progress=false&history=false&controls=false&autoSlide=0&slideNumber=false";
const ASK_EACH = 1000; // milliseconds
const NOTE_SIZES = [18, 22, 26, 30, 36, 44, 54];

/** Make the view in place of the deck. */
export function showSpeakerView({ reveal: { width, height } }) {
  const kept = new URLSearchParams(location.hash.slice(1)); // an address is kept where storage is not
  let began = Number(kept.get("began")) || 0;
  let size = NOTE_SIZES.includes(Number(kept.get("size"))) ? NOTE_SIZES.indexOf(Number(kept.get("size"))) : 2;
  let now = null;

  document.title = `${word("speaker")}: ${document.title}`;
  document.body.className = "speaker";
  document.body.style.setProperty("--ratio", `${width} / ${height}`);
  const part = (name, tag = "div") => Object.assign(document.createElement(tag), { className: name });
  const copy = (name, query) => {
    const frame = document.createElement("iframe");
    frame.className = name;
    frame.title = word(name === "current" ? "thisSlide" : "nextSlide");
    frame.src = `${location.href.split(/[?#]/)[0]}${COPY}${query}`;
    frame.tabIndex = -1;
    frame.addEventListener("load", () => tellCopies());
    return frame;
  };
  const [deckTitle, section, number] = [part("deck", "span"), part("section", "span"), part("number", "b")];
  const [list, left, notes, coming] = [part("list", "ol"), part("left", "span"), part("text"), part("", "span")];
  const [hour, running, pace, bar] = [part("", "b"), part("", "b"), part("", "b"), part("plan")];
  const [current, upcoming] = [copy("current", "&postMessageEvents=true"), copy("upcoming", "")];
  deckTitle.textContent = document.title.slice(word("speaker").length + 2);
  notes.tabIndex = 0;

  const keep = () => history.replaceState(null, "", `${location.href.split("#")[0]}#began=${began}&size=${NOTE_SIZES[size]}`);
  const resize = (step) => {
    size = Math.max(0, Math.min(NOTE_SIZES.length - 1, size + step));
    notes.style.fontSize = `${NOTE_SIZES[size]}px`;
    keep();
  };
  offerKeys({ getRevealElement: () => document.body });
  const button = (text, label, action) => {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    made.setAttribute("aria-label", label);
    made.addEventListener("click", () => {
      action();
      made.blur();
    });
    return made;
  };
  const labelled = (name, ...inside) => {
    const made = part("labelled");
    made.append(Object.assign(part("label", "span"), { textContent: word(name) }), ...inside);
    return made;
  };
  const tick = () => {
    const seconds = began ? (Date.now() - began) / 1000 : 0;
    hour.textContent = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    running.textContent = minutes(seconds);
    if (now?.plan) tellPace(now.plan, seconds, pace, bar);
  };
  const again = () => {
    began = now && now.number > 1 ? Date.now() : 0;
    keep();
    tick();
  };
  const tellCopies = () => {
    if (!last) return;
    current.contentWindow.postMessage(JSON.stringify({ method: "setState", args: [last.state] }), "*");
    if (last.next) upcoming.contentWindow.postMessage(JSON.stringify({ method: "setState", args: [last.next] }), "*");
  };
  let last = null;

  const foot = part("foot", "footer");
  const paced = labelled("pace", pace);
  foot.append(labelled("time", hour), labelled("running", running), paced, bar);
  const buttons = part("buttons");
  buttons.append(button("A−", word("smaller"), () => resize(-1)), button("A+", word("larger"), () => resize(1)), button("0:00", word("again"), again));
  foot.append(buttons);
  const head = part("head", "header");
  head.append(deckTitle, section, number);
  const commands = part("commands", "section");
  const commandsHead = part("label", "h2");
  commandsHead.append(word("thisTerminal"), left);
  commands.append(commandsHead, list);
  const next = part("next", "section");
  const nextHead = part("label", "h2");
  nextHead.append(word("nextSlide"), coming);
  next.append(nextHead, upcoming);
  document.body.replaceChildren(head, current, commands, notes, next, foot);

  listen((message, source) => {
    if (source !== opener) return;
    if (message.castdeck === "terminal") current.contentWindow.postMessage(JSON.stringify(message), "*");
    if (message.castdeck === "size") resize(message.step);
    if (message.castdeck !== "now") return;
    if (!began && now && (now.number !== message.now.number || now.step !== message.now.step)) {
      began = Date.now();
      keep();
    }
    last = message;
    ({ now } = message);
    number.textContent = `${now.number} / ${now.of}`;
    section.textContent = now.section;
    showNotes(notes, now);
    showCommands(list, left, now.commands);
    commands.hidden = !now.commands.length;
    coming.textContent = now.next;
    next.hidden = !now.next;
    paced.hidden = bar.hidden = !now.plan;
    tellCopies();
    tick();
  });
  const ask = (isNew) => opener?.postMessage(JSON.stringify({ castdeck: "speaker", isNew }), "*");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if ([" ", "Enter"].includes(event.key) && event.target.closest?.("button")) return;
    const { key, keyCode, shiftKey } = event;
    opener?.postMessage(JSON.stringify({ castdeck: "key", key, keyCode, shiftKey }), "*");
    event.preventDefault();
  });
  resize(0);
  paced.hidden = bar.hidden = commands.hidden = true;
  tick();
  ask(true);
  setInterval(tick, ASK_EACH);
  setInterval(ask, ASK_EACH, false);
}

/** The notes; where a line parts them into steps, the part of this step stands out. */
function showNotes(place, { number, notes, step }) {
  if (place.dataset.shown !== `${number} ${notes}`) {
    place.dataset.shown = `${number} ${notes}`;
    place.innerHTML = notes;
    place.scrollTop = 0;
  }
  const lines = place.querySelectorAll(":scope > hr.step").length;
  let at = 1;
  for (const child of place.children) {
    if (child.matches("hr.step")) at += 1;
    child.classList.toggle("other", lines > 0 && at !== Math.min(step, lines + 1));
  }
  place.classList.toggle("none", !place.textContent.trim());
  if (place.matches(".none")) place.textContent = word("noNotes");
  place.querySelector(":scope > :not(.other, hr)")?.scrollIntoView({ block: "nearest" });
}

function showCommands(list, left, commands) {
  list.replaceChildren(
    ...commands.map(({ typed, seconds, state }) => {
      const item = Object.assign(document.createElement("li"), { className: state });
      const code = Object.assign(document.createElement("code"), { textContent: typed.split("\n")[0] });
      item.append(code, Object.assign(document.createElement("span"), { textContent: minutes(seconds) }));
      return item;
    }),
  );
  const rest = commands.filter(({ state }) => state !== "done").reduce((sum, { seconds }) => sum + seconds, 0);
  left.textContent = word("left").replace("{}", minutes(rest));
  list.querySelector(".plays, .waits")?.scrollIntoView({ block: "nearest" });
}

/** How far it is from the plan, in words and as a bar: what should be over, and where it is. */
function tellPace({ parts, from, to }, seconds, pace, bar) {
  const late = seconds - to;
  const early = from - seconds;
  pace.textContent = late > 0 ? word("behind").replace("{}", minutes(late)) : early > 0 ? word("ahead").replace("{}", minutes(early)) : word("onTime");
  const total = parts.reduce((sum, part) => sum + part, 0);
  bar.replaceChildren(...parts.map((part) => {
    const made = document.createElement("i");
    made.style.flexGrow = String(part);
    return made;
  }));
  bar.style.setProperty("--planned", String(Math.min(1, seconds / total)));
  bar.style.setProperty("--at", String(Math.min(1, from / total)));
}
