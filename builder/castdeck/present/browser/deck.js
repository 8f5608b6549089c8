// In the deck's frame: says where the deck is, and does what the page around it passes on. See stage.js.
import { openLinksOutside } from "../../serve/browser/outside.js";

const isCopy = /receiver/i.test(location.search); // the speaker view's own copies of the deck
const { port1: port, port2 } = new MessageChannel();

document.addEventListener("castdeck:now", ({ detail }) => port.postMessage({ now: detail, place: `#${Reveal.getSlidePath()}` }));
port.onmessage = ({ data }) => {
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
