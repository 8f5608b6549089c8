// Style sheets and images that changed, put in place without a flash: the new one is loaded before the old one goes.

let known = { styles: {}, files: {} };
const changed = new Map(); // by address, the version that the page has to ask for
const PLACES = ["src", "poster", "data", "data-src", "data-background", "data-background-image", "data-background-video"];

/** Take these versions as those that the page shows. */
refresh.known = (styles, files) => (known = { styles, files });

/** Replace what has another version than the page shows. */
export function refresh(styles, files) {
  for (const [address, version] of Object.entries(styles)) {
    if (known.styles[address] !== version) replaceStyle(address, version);
  }
  for (const [address, version] of Object.entries(files)) {
    if (address in known.files && known.files[address] !== version) {
      changed.set(address, version);
      replaceImage(address, `${address}?v=${version}`);
    }
  }
  known = { styles, files: { ...known.files, ...files } };
}

/** Make what is not in the page yet ask for the newest versions. */
export function freshen(root) {
  if (!changed.size) return;
  for (const [element, place, address] of uses(root)) {
    if (changed.has(address)) element.setAttribute(place, `${address}?v=${changed.get(address)}`);
  }
}

function* uses(root) {
  const elements = root.querySelectorAll(PLACES.map((place) => `[${place}]`).join(","));
  for (const element of [root, ...elements]) {
    for (const place of PLACES) {
      const value = element.getAttribute?.(place);
      if (value) yield [element, place, value.split("?")[0]];
    }
  }
}

function replaceStyle(address, version) {
  for (const old of document.querySelectorAll("link[rel=stylesheet]")) {
    if (old.getAttribute("href").split("?")[0] !== address || old.dataset.old) continue;
    const fresh = /** @type {HTMLLinkElement} */ (old.cloneNode());
    fresh.href = `${address}?v=${version}`;
    old.dataset.old = "true";
    fresh.addEventListener("load", () => {
      old.remove();
      document.dispatchEvent(new CustomEvent("castdeck:slides"));
    });
    fresh.addEventListener("error", () => fresh.remove());
    old.after(fresh);
  }
}

async function replaceImage(address, fresh) {
  const image = new Image();
  image.src = fresh;
  await image.decode().catch(() => {});
  for (const [element, place, used] of [...uses(document)]) {
    if (used !== address) continue;
    element.setAttribute(place, fresh);
    if (element.tagName === "SECTION") Reveal.syncSlide(element);
  }
}
