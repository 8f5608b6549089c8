// xterm.js as castdeck's own page uses it: loaded when the page has time, or the first terminal is taken over.
import { word } from "../../render/browser/words.js";

const SCRIPTS = ["xterm.js", "xterm-fit.js", "xterm-links.js", "xterm-unicode.js"];
const STYLES = ["xterm.css", "fonts.css"];
const { nonce } = /** @type {HTMLScriptElement} */ (document.currentScript);
const SCROLLBACK = 10000;
let loading;

/** Have xterm.js there; after a failure the next call tries again. */
export function loadXterm() {
  loading ??= load().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load() {
  await Promise.all(STYLES.map(loadStyle));
  for (const name of SCRIPTS) await loadScript(name);
}

/** An xterm in `host`, as `look` says: {font, size, line, colours}. `open` is called with an address that was clicked. */
export async function makeXterm(host, look, open) {
  await loadXterm();
  await document.fonts.load(`${look.size}px ${look.font}`).catch(() => []);
  const term = new Terminal({
    ...xtermLook(look),
    allowProposedApi: true,
    scrollback: SCROLLBACK,
    cursorBlink: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    macOptionIsMeta: true,
    linkHandler: { activate: (event, address) => open(address) },
  });
  const fit = new FitAddon.FitAddon();
  term.loadAddon(fit);
  term.loadAddon(new Unicode11Addon.Unicode11Addon());
  term.loadAddon(new WebLinksAddon.WebLinksAddon((event, address) => open(address)));
  term.unicode.activeVersion = "11";
  term.open(host);
  return { term, fit };
}

/** xterm.js's options for a look. Its line height counts in the font's own, CSS's in the font's size. */
export function xtermLook({ font, size, line, colours }) {
  const probe = document.body.appendChild(document.createElement("span"));
  Object.assign(probe.style, { position: "absolute", visibility: "hidden", font: `${size}px/normal ${font}` });
  probe.textContent = "W";
  const own = probe.offsetHeight || size;
  probe.remove();
  return { fontFamily: font, fontSize: size, lineHeight: Math.max(1, (size * line) / own), theme: colours };
}

function loadScript(name) {
  const script = document.createElement("script");
  script.nonce = nonce;
  script.src = `terminal/${name}`;
  return loaded(script);
}

function loadStyle(name) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = `terminal/${name}`;
  return loaded(link);
}

function loaded(element) {
  return new Promise((resolve, reject) => {
    element.addEventListener("load", resolve);
    element.addEventListener("error", () => reject(new Error(word("noXterm"))));
    document.head.append(element);
  });
}
