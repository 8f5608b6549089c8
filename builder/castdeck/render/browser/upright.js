// On a phone that is held upright the slides are upright too: half as wide, so that letters are twice as large, and as high
// as the screen.

const UPRIGHT_WIDTH = 640;
const UPRIGHT = "(max-width: 640px) and (max-aspect-ratio: 4/5)";

/** Whenever the screen is turned, the slides are; `landscape` has the deck's own width and height. */
export function turnWithScreen(deck, landscape) {
  const turn = () => {
    const isUpright = landscape.width > UPRIGHT_WIDTH && matchMedia(UPRIGHT).matches;
    const size = isUpright ? uprightSize() : { width: landscape.width, height: landscape.height };
    const { width, height } = deck.getConfig();
    if (size.width === width && size.height === height) return;
    const reveal = deck.getRevealElement();
    document.body.classList.toggle("upright", isUpright);
    for (const side of ["width", "height"]) reveal.style.setProperty(`--slide-${side}`, `${size[side]}px`);
    deck.configure(size);
  };
  deck.on("ready", turn);
  deck.on("resize", turn);
}

function uprightSize() {
  return { width: UPRIGHT_WIDTH, height: Math.round((UPRIGHT_WIDTH * innerHeight) / innerWidth) };
}
