// castdeck's own page around a deck. The deck stands in a sandboxed frame and may be anybody's, so this page trusts none of
// what it says. All that the two say to each other goes through a MessagePort and is one of these:
//
//   deck to shell   {shown} what the page shows    {at} the slide's number    {place} the address's "#/..."
//                   {record} a slide to record     {failed} why a change could not be shown    {speaker} open that view
//                   {language} another deck to show, at a place: the same one in another language
//                   {boxes} where its terminals stand, how they look    {take} a block's terminal over
//   shell to deck   {tell} say what you show       {change} of the server     {place} to go to    {reload}
//                   {live} the blocks whose terminals are taken over
//
// The speaker's view's copies of the deck each have a port of their own, and a connection of their own.
import { Connection } from "./connection.js";
import { Overlay } from "./overlay.js";
import { isPlace } from "./said.js";
import { SpeakerWindow } from "./speaker_window.js";
import { LiveTerminals } from "./terminals.js";

const MOST_COPIES = 6;
const RELOAD_EACH = 10000; // milliseconds

const frame = document.querySelector("iframe");
const speaker = new SpeakerWindow(frame);
const overlay = new Overlay(document.body, () => frame.focus());
const terminals = new LiveTerminals(document.body.dataset.terminals, (live) => lead?.say({ live }), () => frame.focus());
let lead = null; // the Connection of the deck in the frame
let copies = [];
let reloaded = -Infinity;

addEventListener("message", ({ data, source, ports }) => {
  if (ports.length !== 1) return;
  if (data?.castdeck === "deck" && source === frame.contentWindow) openLead(ports[0]);
  if (data?.castdeck === "copy" && lead && speaker.holds(source)) openCopy(ports[0]);
});

function openLead(port) {
  lead?.close();
  copies.forEach((copy) => copy.close());
  copies = [];
  lead = new Connection(frame.dataset.address, port, {
    connected: (is) => {
      overlay.connected(is);
      if (is) overlay.show([]);
    },
    heard: hear,
    told: ({ problems, title }) => {
      if (problems) overlay.show(problems);
      if (title !== undefined) document.title = title;
    },
  });
  frame.focus();
}

function openCopy(port) {
  if (copies.length >= MOST_COPIES) copies.shift().close();
  copies.push(new Connection(frame.dataset.address, port, { connected() {}, heard() {}, told() {} }));
}

/** Do what the deck asks for; a recording only right after somebody pressed a key or a button. */
function hear(message) {
  if ("place" in message && message.place !== location.hash) history.replaceState(null, "", message.place);
  if ("record" in message && (navigator.userActivation?.isActive ?? true)) lead.send({ record: message.record });
  terminals.hear(message);
  if ("speaker" in message) speaker.open();
  if ("language" in message && (navigator.userActivation?.isActive ?? true)) location.href = `../${encodeURIComponent(message.language.name)}/${message.language.place}`;
  if ("failed" in message) {
    if (performance.now() - reloaded > RELOAD_EACH) lead.say({ reload: true });
    else overlay.failed(message.failed);
    reloaded = performance.now();
  }
}

addEventListener("hashchange", () => isPlace(location.hash) && lead?.say({ place: location.hash }));
addEventListener("focus", () => document.activeElement === document.body && frame.focus());
frame.addEventListener("load", () => frame.focus());
frame.src = frame.dataset.address + location.search + location.hash;
