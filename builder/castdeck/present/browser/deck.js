// In the deck's frame: says where the deck is, and does what the page around it passes on. See stage.js.
import { openLinksOutside } from "../../serve/browser/outside.js";
import { offerTakeOver } from "../../serve/browser/takeover.js";

const isCopy = /receiver/i.test(location.search); // the speaker view's own copies of the deck
const { port1: port, port2 } = new MessageChannel();

document.addEventListener("castdeck:now", ({ detail }) => port.postMessage({ now: detail, place: `#${Reveal.getSlidePath()}` }));
let takenOver = (blocks) => {};
port.onmessage = ({ data }) => {
  if (data.live) takenOver(data.live);
  if (data.do) document.dispatchEvent(new CustomEvent("castdeck:do", { detail: data.do }));
  if (data.place) location.hash = data.place;
};
openLinksOutside();
if (!isCopy && parent !== window) {
  parent.postMessage({ castdeck: "deck" }, "*", [port2]);
  document.addEventListener("castdeck:speaker", (event) => {
    event.preventDefault();
    port.postMessage({ speaker: true });
  });
}
document.addEventListener("DOMContentLoaded", () => {
  const begin = () => (takenOver = offerTakeOver((message) => port.postMessage(message)));
  if (isCopy || !document.querySelector(".terminal")) return;
  if (Reveal.isReady()) begin();
  else Reveal.on("ready", begin);
});
