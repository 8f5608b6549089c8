// The sheet of themes: one key or button moves all of its decks.

const MOVES = { ArrowRight: "next", " ": "next", PageDown: "next", ArrowLeft: "prev", PageUp: "prev" };

function move(method) {
  for (const frame of document.querySelectorAll("iframe")) frame.contentWindow.postMessage(JSON.stringify({ method, args: [{ skipFragments: false }] }), "*");
}

document.addEventListener("keydown", (event) => {
  if (!(event.key in MOVES) || event.target.closest("button")) return;
  event.preventDefault();
  move(MOVES[event.key]);
});
document.addEventListener("click", ({ target }) => target.dataset.move && move(target.dataset.move));
