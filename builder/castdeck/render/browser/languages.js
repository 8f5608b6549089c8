// The same deck in other languages: links that keep the slide.
import { word } from "./words.js";

/** Offer them; `versions` are [{name, lang, address, slides}], this page's among them. */
export function offerLanguages(deck, versions) {
  if (!versions?.length) return;
  const { lang } = document.documentElement;
  const own = versions.find((one) => one.lang === lang);
  const nav = document.createElement("nav");
  nav.className = "languages";
  nav.setAttribute("aria-label", word("languages"));
  const links = versions.map((version) => {
    const link = document.createElement("a");
    link.lang = link.hreflang = version.lang;
    link.textContent = nameOf(version.lang);
    if (version === own) link.setAttribute("aria-current", "true");
    link.addEventListener("click", (event) => {
      const detail = { name: version.name, place: placeIn(deck, version, own) };
      const isOurs = document.dispatchEvent(new CustomEvent("castdeck:language", { cancelable: true, detail }));
      if (!isOurs) event.preventDefault();
      else link.target = "_self";
    });
    return [link, version];
  });
  const point = () => links.forEach(([link, version]) => (link.href = version.address + placeIn(deck, version, own)));
  point();
  for (const name of ["slidechanged", "fragmentshown", "fragmenthidden"]) deck.on(name, point);
  nav.append(...links.map(([link]) => link));
  deck.getRevealElement().append(nav);
}

/** The same slide of another version, by its id, else by its number; and the same step of it. */
function placeIn(deck, version, own) {
  const id = deck.getCurrentSlide()?.id ?? "";
  const number = Math.max(0, own?.slides.indexOf(id) ?? 0);
  const there = version.slides.includes(id) ? id : version.slides[Math.min(number, version.slides.length - 1)];
  const { f } = deck.getIndices();
  return `#/${encodeURIComponent(there ?? "")}${f >= 0 ? `/${f}` : ""}`;
}

/** A language's name in the language itself. */
function nameOf(lang) {
  try {
    const name = new Intl.DisplayNames([lang], { type: "language" }).of(lang) ?? lang;
    return name[0].toLocaleUpperCase(lang) + name.slice(1);
  } catch {
    return lang;
  }
}
