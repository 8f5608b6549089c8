// A student's page: the deck in a sandboxed frame as on the wall (stage.js), at the trainer's slide or at another, with a
// machine of one's own.
import { word } from "../../render/browser/words.js";
import { isPlace } from "../../serve/browser/said.js";
import { button, made } from "../../serve/browser/live_look.js";
import { Watch } from "../../serve/browser/watch.js";
import { LiveTerminals } from "../../serve/browser/terminals.js";
import { takeDeck } from "./deck_frame.js";
import { Line } from "./line.js";

const { room, terminals: token } = document.body.dataset;
const frame = document.querySelector("iframe");
const terminals = new LiveTerminals(token, (live) => tellDeck({ live }), () => frame.focus());
const NAMED = "castdeck-name";
const STUDENT_STYLE = `
  .student-bar { position: fixed; top: 6px; right: 10px; z-index: 600; display: flex; gap: 6px; font: 14px/1.4 system-ui, sans-serif; }
  .student-bar button { padding: 4px 12px; border: 0; border-radius: 14px; color: #f2f3f7; background: #3a3d4a; font: inherit; cursor: pointer; }
  .student-bar button[aria-pressed="true"] { background: #0b63c5; }
  .student-bar select { padding: 3px 8px; border: 0; border-radius: 14px; color: #f2f3f7; background: #3a3d4a; font: inherit; }
  .student-bar select.asked { outline: 3px solid #f0b429; }
  .student-bar button:focus-visible { outline: 3px solid #7ab7ff; }
  @media (max-width: 640px) {
    .student-bar { top: 0; left: 0; right: 0; padding: 4px 6px; gap: 4px; background: #1d1f27; font-size: 13px; }
    .student-bar :is(button, select) { flex: 0 1 auto; min-width: 0; min-height: 44px; padding: 0 8px; white-space: nowrap; text-overflow: ellipsis; }
    .student-bar select { flex: 1 1 0; }
    body > iframe { height: calc(100% - 52px); margin-top: 52px; }
  }
`;
const tellDeck = takeDeck(frame, (said) => {
  hear(said);
  terminals.hear(said);
}, goAlong);
let onWall = "";
let isFollowing = true;
let watch = null;

const line = new Line("student", {
  heard: ({ room: now, follow, wall, asked }) => {
    if (now && now !== room) location.reload(); // the server was started anew
    if (wall !== undefined) showWall(wall);
    if (asked) askToShare();
    if (isPlace(follow)) {
      onWall = follow;
      goAlong();
    }
  },
  connected: (is) => {
    if (!is) return;
    line.say({ name: nameOf(), share: share.value, hand: hand.getAttribute("aria-pressed") === "true" });
    tellDeck({ do: "tell" });
  },
});

function hear({ now, place }) {
  if (now) line.say({ at: { number: now.number, title: now.title } });
  if (place === undefined || place === location.hash) return;
  history.replaceState(null, "", place);
  if (place !== onWall && navigator.userActivation?.isActive) follow(false); // who turns a page goes alone
}

function goAlong() {
  if (isFollowing && onWall) tellDeck({ place: onWall });
}

function follow(is) {
  isFollowing = is;
  following.setAttribute("aria-pressed", String(is));
  goAlong();
}

/** The trainer's own terminal is shown to the class, or no more. */
function showWall(is) {
  watch?.close();
  if (is) watch = new Watch("watch", token, "", word("ofTrainer"), () => (watch = null));
}

function askToShare() {
  if (share.value) return;
  share.classList.add("asked");
  share.title = word("isAsked");
}

function sharingSelect() {
  const select = made("select");
  select.setAttribute("aria-label", word("sharing"));
  for (const [value, text] of [["", word("shareNone")], ["look", word("shareLook")], ["type", word("shareType")]]) {
    const option = made("option");
    option.value = value;
    option.textContent = text;
    select.append(option);
  }
  select.addEventListener("change", () => {
    select.classList.remove("asked");
    line.say({ share: select.value });
  });
  return select;
}

function nameOf() {
  return localStorage.getItem(NAMED) ?? "";
}

function askName() {
  const name = prompt(word("askName"), nameOf());
  if (name === null) return;
  localStorage.setItem(NAMED, name);
  line.say({ name });
  rename.textContent = name || word("yourName");
}

function raise() {
  const is = hand.getAttribute("aria-pressed") !== "true";
  hand.setAttribute("aria-pressed", String(is));
  line.say({ hand: is });
}

const bar = document.body.appendChild(made("div", "student-bar"));
const rename = bar.appendChild(button(nameOf() || word("yourName"), word("nameTitle"), askName));
const following = bar.appendChild(button(word("follow"), word("followTitle"), () => follow(!isFollowing)));
const hand = bar.appendChild(button(word("hand"), word("handTitle"), raise));
const share = bar.appendChild(sharingSelect());
bar.addEventListener("click", ({ detail, target }) => detail > 0 && target !== share && frame.focus()); // a mouse gives the keys back to the deck
following.setAttribute("aria-pressed", "true");
hand.setAttribute("aria-pressed", "false");
document.head.appendChild(made("style")).textContent = STUDENT_STYLE;
addEventListener("focus", () => document.activeElement === document.body && frame.focus());
frame.src = frame.dataset.address + location.search + location.hash;
