// The live preview's page: says what it shows, and puts in place what the server says has changed.
import { putBadges, showBadges } from "./badges.js";
import { refresh } from "./files.js";
import { Overlay } from "./overlay.js";
import { Slides } from "./slides.js";
import { remember, restore } from "./place.js";

const FIRST_RETRY = 150; // milliseconds
const LAST_RETRY = 2000;

const shown = JSON.parse(document.getElementById("castdeck-live").textContent);
const slides = new Slides(document.querySelector(".reveal .slides"), shown.sections);
const isCopy = /receiver/i.test(location.search); // the speaker view's own copies of the deck
const overlay = isCopy ? null : new Overlay(document.body);
let retry = FIRST_RETRY;
let socket = null;

function connect() {
  const address = new URL("live", location.href);
  address.protocol = address.protocol.replace("http", "ws");
  address.search = address.hash = "";
  socket = new WebSocket(address);
  socket.addEventListener("open", () => {
    retry = FIRST_RETRY;
    overlay?.connected(true);
    overlay?.show([]);
    socket.send(JSON.stringify({ ...shown, sections: slides.state }));
    ready.then(tellPlace);
  });
  socket.addEventListener("message", ({ data }) => ready.then(() => take(JSON.parse(data))));
  socket.addEventListener("close", () => {
    overlay?.connected(false);
    setTimeout(connect, retry);
    retry = Math.min(2 * retry, LAST_RETRY);
  });
}

function take(message) {
  if ("shell" in message) {
    remember();
    location.reload();
    return;
  }
  for (const part of ["title", "styles", "files"]) if (part in message) shown[part] = message[part];
  if ("title" in message) document.title = message.title;
  if ("styles" in message || "files" in message) refresh(shown.styles, shown.files);
  if ("sections" in message) slides.take(message.sections).forEach(putBadges);
  if ("problems" in message) overlay?.show(message.problems);
  if ("badges" in message) showBadges(message.badges);
  if ("follow" in message && !isCopy) slides.goTo(message.follow);
}

function tellPlace() {
  const at = slides.current;
  if (socket?.readyState === WebSocket.OPEN && at >= 0) socket.send(JSON.stringify({ at }));
}

function record() {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ record: Reveal.getCurrentSlide().id }));
}

const ready = new Promise((resolve) => {
  document.addEventListener("DOMContentLoaded", () => {
    const begin = () => {
      restore();
      Reveal.on("slidechanged", tellPlace);
      Reveal.addKeyBinding({ keyCode: 82, key: "R", description: "Record this slide" }, record);
      resolve(undefined);
    };
    if (Reveal.isReady()) begin();
    else Reveal.on("ready", begin);
  });
});

refresh.known(shown.styles, shown.files);
connect();
