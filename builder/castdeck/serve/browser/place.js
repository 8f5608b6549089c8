// Where the page is, kept over a reload.

const NAME = "castdeck-place";

/** Keep the slide and its step until the page is there again. */
export function remember() {
  sessionStorage.setItem(NAME, JSON.stringify({ id: Reveal.getCurrentSlide()?.id, ...Reveal.getIndices() }));
}

/** Go back to what was kept, if there is something. */
export function restore() {
  const kept = JSON.parse(sessionStorage.getItem(NAME) ?? "null");
  sessionStorage.removeItem(NAME);
  if (!kept) return;
  const section = kept.id && document.getElementById(kept.id);
  const { h, v } = section ? Reveal.getIndices(section) : kept;
  Reveal.slide(h, v, kept.f);
}
