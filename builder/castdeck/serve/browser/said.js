// What a deck's page may say, checked: whatever has not just this shape is dropped.

const MOST_SLIDES = 100000;
const MOST_CHARACTERS = 2000;

const isText = (value) => typeof value === "string" && value.length <= MOST_CHARACTERS;
const isNumber = (value) => Number.isSafeInteger(value) && value >= 0 && value < MOST_SLIDES;
const isVersions = (value) => isObject(value) && Object.entries(value).every((pair) => pair.every(isText));
const isSections = (value) =>
  Array.isArray(value) &&
  value.length < MOST_SLIDES &&
  value.every((one) => Array.isArray(one) && one.length === 3 && isText(one[0]) && isText(one[1]) && typeof one[2] === "boolean");

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isShown(value) {
  return (
    isObject(value) &&
    isSections(value.sections) &&
    isText(value.title) &&
    isText(value.shell) &&
    isVersions(value.styles) &&
    isVersions(value.files) &&
    isNumber(value.edits)
  );
}

/** Whether it is the part of an address that names a slide: "#/..." */
export function isPlace(value) {
  return isText(value) && (value === "" || /^#\/[^\s]*$/.test(value));
}

const MOST_BOXES = 20;
const MOST_PIXELS = 20000;
const COLOUR = /^rgba?\([\d\s.,/%]{1,60}\)$|^color\(srgb [\d\s.e/-]{1,80}\)$/;
const FONT = /^[\w\s"',.-]{1,300}$/;

function isLook(value) {
  return (
    isObject(value) &&
    typeof value.font === "string" &&
    FONT.test(value.font) &&
    isBetween(value.size, 4, 200) &&
    isBetween(value.line, 0.8, 3) &&
    isObject(value.colours) &&
    Object.entries(value.colours).every(([name, colour]) => /^\w{1,20}$/.test(name) && typeof colour === "string" && COLOUR.test(colour))
  );
}

function isBox(value) {
  return (
    isObject(value) &&
    isText(value.block) &&
    isNumber(value.command) &&
    ["x", "y", "width", "height"].every((side) => isBetween(value[side], -MOST_PIXELS, MOST_PIXELS)) &&
    isLook(value.look)
  );
}

function isBetween(value, least, most) {
  return typeof value === "number" && value >= least && value <= most;
}

const MOST_NOTES = 200000; // characters
const MOST_COMMANDS = 1000;

const isLong = (value) => typeof value === "string" && value.length <= MOST_NOTES;
const isCommand = (value) =>
  isObject(value) && isLong(value.typed) && typeof value.seconds === "number" && ["waits", "plays", "done"].includes(value.state);

/** Whether it says where the deck is, as render/browser/now.js does. */
function isNow(value) {
  return (
    isObject(value) &&
    isNumber(value.number) &&
    isNumber(value.of) &&
    ["title", "next", "notes"].every((part) => isLong(value[part])) &&
    Array.isArray(value.commands) &&
    value.commands.length <= MOST_COMMANDS &&
    value.commands.every(isCommand) &&
    typeof value.isBlack === "boolean"
  );
}

const isBoxes = (value) => Array.isArray(value) && value.length <= MOST_BOXES && value.every(isBox);
const isLanguage = (value) => isObject(value) && isText(value.name) && /^[^./\\][^/\\]*$/.test(value.name) && isPlace(value.place);
const PARTS = {
  language: isLanguage,
  shown: isShown,
  at: isNumber,
  place: isPlace,
  now: isNow,
  record: isText,
  failed: isText,
  speaker: (value) => value === true,
  boxes: isBoxes,
  take: isText,
};

/** The message, with only its known parts; null where there is none, or one of them is not what it should be. */
export function readMessage(data) {
  if (!isObject(data)) return null;
  const names = Object.keys(PARTS).filter((name) => Object.hasOwn(data, name));
  if (!names.length || !names.every((name) => PARTS[name](data[name]))) return null;
  return Object.fromEntries(names.map((name) => [name, data[name]]));
}
