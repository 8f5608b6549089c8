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

const PARTS = { shown: isShown, at: isNumber, place: isPlace, record: isText, failed: isText, speaker: (value) => value === true };

/** The message, with only its known parts; null where there is none, or one of them is not what it should be. */
export function readMessage(data) {
  if (!isObject(data)) return null;
  const names = Object.keys(PARTS).filter((name) => Object.hasOwn(data, name));
  if (!names.length || !names.every((name) => PARTS[name](data[name]))) return null;
  return Object.fromEntries(names.map((name) => [name, data[name]]));
}
