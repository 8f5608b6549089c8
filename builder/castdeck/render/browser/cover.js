// The first slide is the cover where it has a title and words only. Who speaks, and when, come from the front matter.

/** Make the first slide the cover. `byline` is what stands at its foot. */
export function makeCover(byline) {
  const first = document.querySelector(".slides > section");
  const slide = first?.querySelector(":scope > section") ?? first;
  if (!slide?.matches(".words, .section, .cover")) return;
  if (slide.matches(".words, .section:not([data-layout])")) slide.classList.add("cover");
  slide.classList.remove("section");
  const body = slide.querySelector(":scope > .body");
  if (!body || !byline.length || body.querySelector(".byline")) return;
  const line = document.createElement("div");
  line.className = "byline";
  line.append(...byline.map((text) => Object.assign(document.createElement("span"), { textContent: text })));
  body.append(line);
}
