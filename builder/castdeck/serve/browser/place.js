// Where the page is, kept over a reload, in the frame's name: a frame of no origin has no storage.

/** Keep the slide and its step until the page is there again. */
export function remember() {
  window.name = JSON.stringify({ id: Reveal.getCurrentSlide()?.id, ...Reveal.getIndices() });
}

/** Go back to what was kept, if there is something. */
export function restore() {
  const kept = read();
  window.name = "";
  if (!kept) return;
  const section = kept.id && document.getElementById(kept.id);
  const { h, v } = section ? Reveal.getIndices(section) : kept;
  Reveal.slide(h, v, kept.f);
}

function read() {
  try {
    return JSON.parse(window.name);
  } catch {
    return null;
  }
}
