// The index of a workspace's decks: all of them, or the slides that hold every word that is looked for.

const MOST = 60;
const AROUND = 60; // characters

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const decks = window.castdeckDecks ?? [];
const slides = decks.flatMap(({ folder, title, slides }) =>
  slides.map(([id, name, text]) => ({ folder, deck: title, id, name, text, plain: plain(`${name} ${text}`) })),
);

function link(href, title, more = "") {
  const item = document.createElement("li");
  const anchor = document.createElement("a");
  anchor.href = href;
  anchor.textContent = title;
  const small = document.createElement("small");
  small.textContent = more;
  if (more) anchor.append(small);
  item.append(anchor);
  return item;
}

function deckItem({ folder, title, slides }) {
  const item = link(`${encodeURIComponent(folder)}/index.html`, title, many(slides.length));
  const handout = document.createElement("a");
  handout.className = "more";
  handout.href = `${encodeURIComponent(folder)}/handout.html`;
  handout.textContent = "To read and print";
  item.append(handout);
  return item;
}

const many = (count) => `${count} ${count === 1 ? "slide" : "slides"}`;

function around({ text }, word) {
  const at = plain(text).indexOf(word);
  if (at < 0) return text.slice(0, 2 * AROUND);
  return `${at > AROUND ? "… " : ""}${text.slice(Math.max(0, at - AROUND), at + 2 * AROUND)} …`;
}

function search() {
  const wanted = plain(document.getElementById("words").value).split(/\s+/).filter(Boolean);
  const found = wanted.length ? slides.filter((slide) => wanted.every((word) => slide.plain.includes(word))) : [];
  const items = wanted.length
    ? found.slice(0, MOST).map((slide) =>
        link(
          `${encodeURIComponent(slide.folder)}/index.html#/${encodeURIComponent(slide.id)}`,
          slide.name || slide.id,
          `${slide.deck}: ${around(slide, wanted[0])}`,
        ),
      )
    : decks.map(deckItem);
  document.getElementById("found").replaceChildren(...items);
  document.getElementById("count").textContent = wanted.length ? many(found.length) : "";
}

document.getElementById("words").addEventListener("input", search);
search();
