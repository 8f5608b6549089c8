// On a phone that is held upright the slides are upright too: half as wide, so that letters are twice as large, and as high
// as the screen.

const UPRIGHT_WIDTH = 640;
const MOST_WIDE = 640; // pixels of the screen
const UPRIGHT_SHAPE = 0.8; // of its height, at most

/** The slides' width and height for the window as it is; what is given is the deck's own. */
export function sizeFor({ width, height }) {
  const { innerWidth, innerHeight } = window;
  const isUpright = innerWidth <= MOST_WIDE && innerWidth < UPRIGHT_SHAPE * innerHeight && width > UPRIGHT_WIDTH;
  document.body.classList.toggle("upright", isUpright);
  const size = isUpright ? { width: UPRIGHT_WIDTH, height: Math.round((UPRIGHT_WIDTH * innerHeight) / innerWidth) } : { width, height };
  for (const side of ["width", "height"]) document.querySelector(".reveal").style.setProperty(`--slide-${side}`, `${size[side]}px`);
  return size;
}

/** Whenever the screen is turned, the slides are. */
export function turnWithScreen(deck, landscape) {
  deck.on("resize", () => {
    const size = sizeFor(landscape);
    const { width, height } = deck.getConfig();
    if (size.width !== width || size.height !== height) deck.configure(size);
  });
}
