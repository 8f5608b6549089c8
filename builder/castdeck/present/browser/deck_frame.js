// The deck in a page's frame: the two talk through a port that the deck sends when it is loaded.
import { readMessage } from "../../serve/browser/said.js";

/**
 * Take the port of the deck in `frame`. `hear` gets what the deck says; `taken` is called when a deck has been loaded.
 * Gives a function that tells the deck something; it does nothing while there is none.
 */
export function takeDeck(frame, hear, taken = () => {}) {
  /** @type {MessagePort | null} */
  let deck = null;
  const tell = (message) => deck?.postMessage(message);
  addEventListener("message", ({ data, source, ports }) => {
    if (source !== frame.contentWindow || data?.castdeck !== "deck" || ports.length !== 1) return;
    deck?.close();
    [deck] = ports;
    deck.onmessage = ({ data }) => hear(/** @type {any} */ (readMessage(data) ?? {}));
    tell({ do: "tell" });
    taken();
    frame.focus();
  });
  return tell;
}
