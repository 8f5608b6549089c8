// The page on the wall: the deck in a sandboxed frame, and the line to the room. The two talk through a MessagePort:
//
//   deck to page   {now} where it is    {place} the address's "#/..."    {speaker} open the speaker's view
//                  {boxes} where its terminals stand, how they look    {take} a block's terminal over
//   page to deck   {do} what somebody asks for, or "tell" where you are    {place} to go to
//                  {live} the blocks whose terminals are taken over
import { isPlace } from "../../serve/browser/said.js";
import { SpeakerWindow } from "../../serve/browser/speaker_window.js";
import { LiveTerminals } from "../../serve/browser/terminals.js";
import { takeDeck } from "./deck_frame.js";
import { Line } from "./line.js";

const { room, terminals: token } = document.body.dataset;
const frame = document.querySelector("iframe");
const speaker = new SpeakerWindow(frame);
const terminals = new LiveTerminals(token, (live) => tellDeck({ live }), () => frame.focus());
const tellDeck = takeDeck(frame, (said) => {
  hear(said);
  terminals.hear(said);
});

const line = new Line("stage", {
  heard: (message) => {
    if (message.room && message.room !== room) location.reload(); // the server was started anew
    if (message.class) terminals.show = (show) => line.say({ show });
    if (message.do) tellDeck({ do: message.do });
  },
  connected: (is) => is && tellDeck({ do: "tell" }),
});

function hear({ now, place, speaker: isAsked }) {
  if (isAsked) speaker.open();
  if (now) line.say({ now, ...(place !== undefined && { place }) });
  if (place !== undefined && place !== location.hash) history.replaceState(null, "", place);
}

addEventListener("hashchange", () => isPlace(location.hash) && tellDeck({ place: location.hash }));
addEventListener("focus", () => document.activeElement === document.body && frame.focus());
frame.src = frame.dataset.address + location.search + location.hash;
