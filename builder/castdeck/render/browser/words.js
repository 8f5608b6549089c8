// What the page itself says, in the deck's language: render/words.py has the table.

import { settings } from "./settings.js";

const words = settings.words ?? {};

/** One of the page's words by its name. */
export function word(name) {
  return words[name] ?? name;
}

/** One of the page's words, with values in place of its blanks. */
export function filled(name, ...values) {
  return values.reduce((text, value) => text.replace("{}", () => value), word(name));
}

const LABELS = [
  [".bar .type", "type", "typeTitle"],
  [".bar .text", "text", "textTitle"],
  [".bar .copy", "copy", "copyTitle"],
  [".bar .save", "save", "saveTitle"],
  [".typed .copy", "copy", "copyOneTitle"],
  [".time .play", "", "playTitle"],
];

/** Put the words of a slide's terminals into the deck's language. */
export function localise(section) {
  for (const [selector, text, title] of LABELS) {
    for (const button of section.querySelectorAll(selector)) {
      if (text) button.textContent = word(text);
      button.title = word(title);
    }
  }
}
