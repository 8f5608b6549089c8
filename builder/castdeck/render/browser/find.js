// Finding words: on all slides, in the terminals' texts too. What is found is marked without changing the page.
import { showText } from "./tools.js";
import { word } from "./words.js";

const MARK = "castdeck-found";
const LEFT_OUT = "script, style, .player, .notes, .last-screen, .commands, button, .glance";

/** The search of a deck: its bar, and the place that it is at. */
export class Find {
  constructor(deck) {
    this.deck = deck;
    this.found = [];
    this.at = -1;
    this.from = 0; // the slide that a word is looked for from, however far the letters before it led
    this.bar = this.make();
    deck.addKeyBinding({ keyCode: 191, key: "/", description: word("find") }, () => this.open());
    document.addEventListener("keydown", (event) => this.key(event), true);
  }

  get isOpen() {
    return !this.bar.hidden;
  }

  open() {
    if (!this.isOpen) this.from = this.deck.getSlides().indexOf(this.deck.getCurrentSlide());
    this.bar.hidden = false;
    this.input.focus();
    this.input.select();
  }

  /** Close the bar; the slide stays, its mark goes. */
  close() {
    this.bar.hidden = true;
    CSS.highlights?.delete(MARK);
    this.input.blur();
  }

  key(event) {
    const isFind = event.key.toLowerCase() === "f" && event.shiftKey && (event.ctrlKey || event.metaKey);
    if (isFind || (event.key === "/" && !event.target.closest?.("input, textarea"))) {
      this.open();
    } else if (event.key === "Escape" && this.isOpen) {
      const text = document.querySelector(".present .transcript:not([hidden])");
      if (text && !this.bar.contains(document.activeElement)) return; // the text closes first
      this.close();
    } else if (event.key === "Enter" && this.bar.contains(event.target) && event.target === this.input) {
      this.go(event.shiftKey ? -1 : 1);
    } else {
      if (this.bar.contains(event.target)) event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** Look for what stands in the bar; the first one from this slide on is shown. */
  search() {
    this.found = [];
    this.at = -1;
    const wanted = this.input.value.trim().toLowerCase();
    const slides = this.deck.getSlides();
    if (wanted) slides.forEach((slide, number) => this.found.push(...rangesIn(slide, wanted).map((range) => ({ slide, number, range }))));
    const first = this.found.findIndex(({ number }) => number >= this.from);
    if (this.found.length) this.show(Math.max(0, first));
    else {
      CSS.highlights?.delete(MARK);
      this.tell();
    }
  }

  go(step) {
    if (!this.found.length) return;
    this.show((this.at + step + this.found.length) % this.found.length);
    this.from = this.found[this.at].number;
  }

  show(at) {
    this.at = at;
    const { slide, range } = this.found[at];
    if (slide !== this.deck.getCurrentSlide()) {
      const { h, v } = this.deck.getIndices(slide);
      this.deck.slide(h, v, Infinity);
    }
    for (const text of document.querySelectorAll(".transcript:not([hidden])")) showText(text.closest(".terminal"), false);
    const transcript = range.startContainer.parentElement.closest(".transcript");
    if (transcript) showText(transcript.closest(".terminal"), true);
    if (window.Highlight) CSS.highlights.set(MARK, new Highlight(range));
    range.startContainer.parentElement.scrollIntoView({ block: "nearest" });
    this.input.focus({ preventScroll: true });
    this.tell();
  }

  tell() {
    const text = this.found.length ? `${this.at + 1} / ${this.found.length}` : word("nothingFound");
    this.count.textContent = this.input.value.trim() ? text : "";
  }

  make() {
    const bar = document.createElement("div");
    bar.className = "find";
    bar.hidden = true;
    bar.setAttribute("role", "search");
    this.input = Object.assign(document.createElement("input"), { type: "search", placeholder: word("find") });
    this.input.setAttribute("aria-label", word("find"));
    this.input.addEventListener("input", () => this.search());
    this.count = Object.assign(document.createElement("output"), { className: "hits" });
    const button = (text, label, action) => {
      const made = Object.assign(document.createElement("button"), { type: "button", textContent: text });
      made.setAttribute("aria-label", label);
      made.addEventListener("click", action);
      return made;
    };
    bar.append(
      this.input,
      this.count,
      button("↑", word("previousHit"), () => this.go(-1)),
      button("↓", word("nextHit"), () => this.go(1)),
      button("×", word("close"), () => this.close()),
    );
    this.deck.getRevealElement().append(bar);
    return bar;
  }
}

/** Every place of a slide that has these words, as ranges of its text. */
function rangesIn(slide, wanted) {
  const ranges = [];
  const body = slide.querySelector(":scope > .body");
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest(LEFT_OUT) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.nodeValue.toLowerCase();
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, Math.min(node.nodeValue.length, at + wanted.length));
      ranges.push(range);
    }
  }
  return ranges;
}
