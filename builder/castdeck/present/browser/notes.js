// Speaker notes as HTML that a deck wrote: of it only what structures a text is kept.

const KEPT = ["P", "UL", "OL", "LI", "STRONG", "B", "EM", "I", "CODE", "PRE", "BR", "BLOCKQUOTE", "H1", "H2", "H3", "H4"];

/** The notes as nodes that can be shown: no attributes, no other elements than those. */
export function readNotes(html) {
  return kept(new DOMParser().parseFromString(html, "text/html").body);
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
