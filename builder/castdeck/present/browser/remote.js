// The presenter's phone: notes, what comes next, the time, and buttons that move the page on the wall.
import { minutes } from "../../render/browser/minutes.js";
import { word } from "../../render/browser/words.js";
import { Line } from "./line.js";
import { markStep, readNotes } from "./notes.js";

const { room } = document.body.dataset;
const SIZES = [16, 18, 21, 25, 30, 36];
const element = (id) => document.getElementById(id);

let began = null; // when the talk did, by this page's clock
let isConnected = false;
let stages = 0;
let size = 2;

const line = new Line("remote", {
  heard: (message) => {
    if (message.room && message.room !== room) location.reload();
    if ("stages" in message) stages = message.stages;
    if (message.now) show(message.now, message.running);
    tellState();
  },
  connected: (is) => {
    isConnected = is;
    tellState();
  },
});

function tellState() {
  const text = !isConnected ? word("noServer") : stages === 0 ? word("noStage") : "";
  element("state").textContent = text;
  element("state").hidden = !text;
  for (const button of document.querySelectorAll("button[data-action]")) button.toggleAttribute("disabled", Boolean(text));
}

function show(now, running) {
  began = running ? performance.now() - 1000 * running : null;
  element("number").textContent = `${now.number} / ${now.of}`;
  element("title").textContent = now.title;
  element("next").textContent = now.next;
  element("coming").hidden = !now.next;
  const shown = `${now.number} ${now.notes}`;
  if (element("notes").dataset.shown !== shown) {
    element("notes").dataset.shown = shown;
    element("notes").replaceChildren(now.notes.trim() ? readNotes(now.notes) : word("noNotes"));
    element("notes").classList.toggle("none", !now.notes.trim());
    element("notes").scrollTop = 0;
  }
  const part = markStep(element("notes"), now.step);
  if (now.step > 1) part?.scrollIntoView({ block: "nearest" });
  element("commands").replaceChildren(...now.commands.map(commandItem));
  element("toggle").hidden = now.commands.length === 0;
  element("toggle").setAttribute("aria-pressed", String(now.commands.some(({ state }) => state === "plays")));
  element("black").setAttribute("aria-pressed", String(now.isBlack));
  tick();
}

function commandItem({ typed, seconds, state }) {
  const item = document.createElement("li");
  item.className = state;
  const code = Object.assign(document.createElement("code"), { textContent: typed.split("\n")[0] });
  const time = Object.assign(document.createElement("span"), { textContent: minutes(seconds) });
  item.append(code, time);
  return item;
}

function tick() {
  element("clock").textContent = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  element("running").textContent = began === null ? "" : minutes((performance.now() - began) / 1000);
}

function resize(step) {
  size = Math.max(0, Math.min(SIZES.length - 1, size + step));
  element("notes").style.fontSize = `${SIZES[size]}px`;
}

document.addEventListener("click", ({ target }) => {
  const { action, step } = target.closest?.("button")?.dataset ?? {};
  if (action) line.say({ do: action });
  if (step) resize(Number(step));
});
document.addEventListener("keydown", (event) => {
  const action = { ArrowRight: "next", PageDown: "next", ArrowLeft: "previous", PageUp: "previous" }[event.key];
  if (action) line.say({ do: action });
});
resize(0);
tick();
setInterval(tick, 1000);
