// The slides that begin a section are numbered, where there are several.

/** Give each section slide its number, for the theme to show. Asked for again when the slides have changed. */
export function numberSections() {
  const bodies = [...document.querySelectorAll(".slides section.section > .body")];
  for (const body of bodies) {
    if (bodies.length > 1) body.dataset.number = String(bodies.indexOf(body) + 1);
    else delete body.dataset.number;
  }
}
