// Links to other pages open in a tab of their own: the frame stays with the deck.

/** See to all links of the page, also those that are still to come. */
export function openLinksOutside() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented || link.target || link.hasAttribute("download")) return;
    const address = new URL(link.href, location.href);
    const isHere = address.pathname === location.pathname && address.host === location.host && address.hash;
    if (isHere || !/^(https?|mailto):$/.test(address.protocol)) return;
    link.target = "_blank";
    link.rel = "noopener";
  });
}
