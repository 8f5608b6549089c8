// The page's sections: changed one by one where they are, and, when slides come, go or move, put into their new order.
// Reveal.sync() is not used for that: with thousands of slides it takes longer than a frame.
import { freshen } from "./files.js";
import { morph } from "./morph.js";
import { putInOrder } from "./order.js";

const MANY = 30; // from so many slides on, one Reveal.sync() costs less
const LOADED_BY_REVEAL = "[data-src], [data-autoplay], video, audio, iframe, .r-fit-text, .r-stretch";

/** One slide: its <section>, and the HTML that it was made from. `key` is the HTML's version. */
class Slide {
  constructor(node, id, key, html, below) {
    Object.assign(this, { node, id, key, html, below });
  }
}

export class Slides {
  /** `root` holds the sections that `state` ([id, key, below] each) tells of, as the server made them. */
  constructor(root, state) {
    this.root = root;
    let column = null;
    this.slides = state.map(([id, key, isBelow], index) => {
      const below = isBelow && index > 0;
      const isStack = below || (state[index + 1]?.[2] ?? false);
      if (!below) column = column ? column.nextElementSibling : root.firstElementChild;
      const node = isStack ? column.children[below ? this.placeIn(state, index) : 0] : column;
      return new Slide(node, id, key, node.outerHTML, below);
    });
    window.addEventListener("slidechanged", (event) => this.staying && event.stopImmediatePropagation(), true);
  }

  /** How many slides of the same column stand above slide `index`. */
  placeIn(state, index) {
    let place = 0;
    while (index - place > 0 && state[index - place][2]) place += 1;
    return place;
  }

  /** What a server has to know of them, to say what has changed. */
  get state() {
    return this.slides.map(({ id, key, below }) => [id, key, below]);
  }

  /** The number of the slide that is shown. */
  get current() {
    const node = window.Reveal?.isReady() ? Reveal.getCurrentSlide() : null;
    return this.slides.findIndex((slide) => slide.node === node);
  }

  goTo(number) {
    const slide = this.slides[number];
    if (!slide || slide.node === Reveal.getCurrentSlide()) return;
    const { h, v } = Reveal.getIndices(slide.node);
    Reveal.slide(h, v);
  }

  /** Take the server's change of the sections (see castdeck/serve/change.py); the elements that are new or changed. */
  take({ at, remove, columns }) {
    const items = columns.flatMap((column) => column.map((item, index) => ({ item, below: index > 0 })));
    const stays = ({ item, below }, index) =>
      originOf(item) === at + index && this.slides[at + index].below === below;
    if (items.length === remove && items.every(stays)) {
      const step = Reveal.getIndices().f;
      const changed = items.filter(({ item }) => typeof item === "object").map(({ item }) => this.update(item));
      this.settle(changed, step);
      return changed.map(({ node }) => node);
    }
    if (Reveal.isScrollView?.()) {
      location.reload();
      return [];
    }
    return this.rebuild(at, remove, columns).map(({ node }) => node);
  }

  /** Change one slide in place. */
  update({ from, id, key, html }) {
    const slide = this.slides[from];
    const after = parse(html);
    freshen(after);
    morph(slide.node, parse(slide.html), after, leave);
    numberSteps(slide.node, html);
    Object.assign(slide, { id, key, html, renamed: slide.id !== id });
    return slide;
  }

  rebuild(at, remove, columns) {
    const current = Reveal.getCurrentSlide();
    const step = Reveal.getIndices().f;
    const old = this.slides.slice(at, at + remove);
    const following = this.slides[at + remove]?.node;
    const next = following ? columnOf(following, this.root) : null;
    const changed = [];
    const fresh = columns.map((column) => column.map((item, index) => {
      const slide = this.slideOf(item, changed);
      slide.below = index > 0;
      return slide;
    }));
    const kept = new Set(fresh.flat());
    for (const slide of old) if (!kept.has(slide)) this.drop(slide);
    putColumns(this.root, fresh, next);
    this.slides.splice(at, remove, ...fresh.flat());
    const shown = current?.isConnected ? current : this.slides[Math.min(at, this.slides.length - 1)]?.node;
    if (!shown) return changed;
    const { h, v } = Reveal.getIndices(shown);
    this.staying = shown === current;
    Reveal.slide(h, v, this.staying ? step : undefined);
    this.staying = false;
    this.settle(changed, step);
    return changed;
  }

  slideOf(item, changed) {
    if (typeof item === "number") return this.slides[item];
    if (item.from !== null) {
      changed.push(this.update(item));
      return changed.at(-1);
    }
    const node = parse(item.html);
    freshen(node);
    changed.push(new Slide(node, item.id, item.key, item.html, false));
    return changed.at(-1);
  }

  drop(slide) {
    leave(slide.node);
    slide.node.slideBackgroundElement?.remove();
    slide.node.remove();
  }

  /** Let reveal.js and the player know of changed sections; the current one is put back to its step. */
  settle(changed, step) {
    const current = Reveal.getCurrentSlide();
    const known = changed.filter(({ node }) => needsReveal(node));
    for (const { node } of changed) {
      const isPast = current && node.compareDocumentPosition(current) & Node.DOCUMENT_POSITION_FOLLOWING;
      if (isPast) node.querySelectorAll(".fragment").forEach((part) => part.classList.add("visible"));
    }
    const isShown = changed.find(({ node }) => node === current);
    if (isShown) Reveal.navigateFragment(step ?? -1);
    if (known.length > MANY) Reveal.sync();
    else for (const { node } of known) Reveal.syncSlide(node);
    if (!isShown) return;
    if (isShown.renamed && location.hash.startsWith("#/")) history.replaceState(null, "", `#/${encodeURIComponent(current.id)}`);
    document.dispatchEvent(new CustomEvent("castdeck:slides"));
    tellSpeakerView();
  }
}

/** reveal.js numbers a slide's steps once, where the author has not: what it wrote would put new steps behind all others. */
function numberSteps(node, html) {
  if (!node.querySelector("[data-fragment-index]")) return;
  const own = parse(html).querySelectorAll(".fragment");
  node.querySelectorAll(".fragment").forEach((fragment, index) => {
    const number = own[index]?.getAttribute("data-fragment-index");
    if (number) fragment.setAttribute("data-fragment-index", number);
    else fragment.removeAttribute("data-fragment-index");
  });
}

function originOf(item) {
  return typeof item === "number" ? item : item.from;
}

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

/** What stands directly in the root: the section, or the stack that it is in. */
function columnOf(node, root) {
  return node.parentElement === root ? node : node.parentElement;
}

/** Put the columns right before `next`, each with its background; a column of several slides in a stack of its own. */
function putColumns(root, columns, next) {
  const backgrounds = document.querySelector(".reveal > .backgrounds");
  const taken = new Set();
  const nodes = columns.map((column) => {
    if (column.length === 1) return onItsOwn(column[0].node, root);
    const parents = column.map(({ node }) => node.parentElement);
    const known = parents.find((parent) => parent && parent !== root && !taken.has(parent));
    const stack = known ?? document.createElement("section");
    taken.add(stack);
    return stack;
  });
  const before = next?.slideBackgroundElement ?? null;
  putInOrder(root, nodes, next);
  nodes.forEach((node) => giveBackground(node));
  putInOrder(backgrounds, nodes.map((node) => node.slideBackgroundElement), before);
  columns.forEach((column, index) => {
    if (column.length === 1) return;
    const stack = nodes[index];
    const sections = column.map(({ node }) => node);
    putInOrder(stack, sections, null);
    sections.forEach(giveBackground);
    stack.slideBackgroundElement.classList.add("stack");
    putInOrder(stack.slideBackgroundElement, sections.map((node) => node.slideBackgroundElement), null);
  });
  for (const stack of root.querySelectorAll(":scope > section.stack")) {
    if (stack.querySelector("section")) continue;
    stack.slideBackgroundElement?.remove();
    stack.remove();
  }
}

/** A section that leaves its stack: what it was there says nothing of its place among the columns. */
function onItsOwn(node, root) {
  if (node.parentElement !== root) node.classList.remove("past", "future");
  return node;
}

/** What reveal.js makes for each section when it starts. */
function giveBackground(section) {
  if (section.slideBackgroundElement) return;
  const background = document.createElement("div");
  background.className = "slide-background";
  const content = document.createElement("div");
  content.className = "slide-background-content";
  background.append(content);
  section.slideBackgroundElement = background;
  section.slideBackgroundContentElement = content;
}

/** Whether reveal.js has something to do on the slide, now that it is here: all slides' backgrounds are looked at then. */
function needsReveal(node) {
  const hasBackground = Object.keys(node.dataset).some((name) => name.startsWith("background"));
  const hadBackground = node.slideBackgroundElement?.hasAttribute("data-background-hash");
  return hasBackground || hadBackground || Reveal.getConfig().showNotes || Boolean(node.querySelector(LOADED_BY_REVEAL));
}

function leave(element) {
  element.dispatchEvent(new CustomEvent("castdeck:leave", { bubbles: true }));
}

/** The speaker view takes the notes when a step is shown. */
function tellSpeakerView() {
  Reveal.dispatchEvent({ type: "fragmentshown", data: { fragment: null, fragments: [] } });
}
