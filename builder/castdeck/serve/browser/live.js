// In the deck's frame: says what the page shows, and puts in place what the server says has changed. See shell.js.
import { putBadges, showBadges } from "./badges.js";
import { refresh } from "./files.js";
import { remember, restore } from "./place.js";
import { openLinksOutside } from "./outside.js";
import { Slides } from "./slides.js";
import { offerTakeOver } from "./takeover.js";

const shown = JSON.parse(document.getElementById("castdeck-live").textContent);
const slides = new Slides(document.querySelector(".reveal .slides"), shown.sections);
const isCopy = /receiver/i.test(location.search); // the speaker view's own copies of the deck
const channel = new MessageChannel();
const port = channel.port1;

/** castdeck's page is around the deck; a copy of it stands in the speaker's view, which that page has opened. */
function reach() {
  const hello = { castdeck: isCopy ? "copy" : "deck" };
  const around = isCopy ? parent.opener : parent;
  if (!around || around === window) return;
  around.postMessage(hello, "*", [channel.port2]);
  document.addEventListener("castdeck:speaker", (event) => {
    event.preventDefault();
    port.postMessage({ speaker: true });
  });
  document.addEventListener("castdeck:language", (event) => {
    event.preventDefault();
    port.postMessage({ language: /** @type {CustomEvent} */ (event).detail });
  });
}

function take(message) {
  if ("shell" in message) {
    reload();
    return;
  }
  for (const part of ["title", "styles", "files"]) if (part in message) shown[part] = message[part];
  if ("title" in message) document.title = message.title;
  if ("styles" in message || "files" in message) refresh(shown.styles, shown.files);
  if ("sections" in message) slides.take(message.sections).forEach(putBadges);
  if ("badges" in message) showBadges(message.badges);
  if ("follow" in message && !isCopy) slides.goTo(message.follow);
  tellAddress(); // a slide may have another name now
}

function hear({ tell, change, place, reload: again, live }) {
  if (live) ready.then(() => takenOver(live));
  if (tell) {
    port.postMessage({ shown: { ...shown, sections: slides.state } });
    ready.then(tellPlace);
  }
  if (place !== undefined) location.hash = place;
  if (again) reload();
  if (!change) return;
  ready.then(() => {
    try {
      take(change);
    } catch (error) {
      console.error(error);
      port.postMessage({ failed: String(error).slice(0, 500) });
    }
  });
}

function reload() {
  history.replaceState(null, "", told);
  try {
    remember();
  } finally {
    location.reload();
  }
}

function tellPlace() {
  const at = slides.current;
  if (at >= 0) port.postMessage({ at });
  tellAddress();
}

/** castdeck's page shows the deck's place in its address. The frame's own address may be a second behind: reveal.js spares it. */
function tellAddress() {
  const place = `#${Reveal.getSlidePath()}`;
  if (!isCopy && told !== place) port.postMessage({ place: (told = place) });
}
let told = location.hash;
let takenOver = (blocks) => {};

const ready = new Promise((resolve) => {
  document.addEventListener("DOMContentLoaded", () => {
    const begin = () => {
      restore();
      for (const name of ["slidechanged", "fragmentshown", "fragmenthidden"]) Reveal.on(name, tellAddress);
      Reveal.on("slidechanged", tellPlace);
      if (!isCopy) {
        const record = () => port.postMessage({ record: Reveal.getCurrentSlide().id });
        Reveal.addKeyBinding({ keyCode: 82, key: "R", description: "Record this slide" }, record);
        takenOver = offerTakeOver((message) => port.postMessage(message));
      }
      resolve(undefined);
    };
    if (Reveal.isReady()) begin();
    else Reveal.on("ready", begin);
  });
});

refresh.known(shown.styles, shown.files);
port.onmessage = ({ data }) => hear(data);
openLinksOutside();
reach();
