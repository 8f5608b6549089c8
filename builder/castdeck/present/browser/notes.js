// Speaker notes as HTML that a deck wrote: of it only what structures a text is kept.

const KEPT = ["P", "UL", "OL", "LI", "STRONG", "B", "EM", "I", "CODE", "PRE", "BR", "BLOCKQUOTE", "H1", "H2", "H3", "H4", "HR"];

/** The notes as nodes that can be shown: no attributes, no other elements than those. */
export function readNotes(html) {
  return kept(new DOMParser().parseFromString(html, "text/html").body);
}

/** Let the part for a step stand out, counted from 1, where rules divide the notes. Gives the part's first element. */
export function markStep(place, step) {
  const children = [...place.children];
  const parts = 1 + children.filter((child) => child.nodeName === "HR").length;
  let at = 1;
  for (const child of children) {
    if (child.nodeName === "HR") at += 1;
    child.classList.toggle("other", parts > 1 && at !== Math.min(step, parts));
  }
  return children.find((child) => child.nodeName !== "HR" && !child.matches(".other"));
}

function kept(node) {
  const fragment = document.createDocumentFragment();
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) fragment.append(child.textContent);
    else if (["SCRIPT", "STYLE"].includes(child.nodeName)) continue;
    else if (KEPT.includes(child.nodeName)) {
      const element = document.createElement(child.nodeName);
      element.append(kept(child));
      fragment.append(element);
    } else fragment.append(kept(child));
  }
  return fragment;
}
