// How it stands with each block's recording, on the block: not recorded, stale, waiting, failed, or recording, with what
// the machine's terminal shows, in the block's place.

const BADGE_STYLE = `
  .live-badge {
    position: absolute; top: 3px; left: 78px; z-index: 3; max-width: calc(100% - 220px); padding: 0 11px; border-radius: 20px;
    overflow: hidden; text-overflow: ellipsis; white-space: nowrap; pointer-events: none;
    font: 600 14px/22px system-ui, sans-serif; color: #fff; background: #5b6070;
  }
  .code-box > .live-badge { top: 6px; left: auto; right: 8px; max-width: calc(100% - 16px); }
  .live-badge[data-state="new"] { background: #5b607099; }
  .live-badge[data-state="stale"] { background: #8a5a00; }
  .live-badge[data-state="recording"] { background: #0b63c5; }
  .live-badge[data-state="failed"] { background: #b3261e; }
  .live-badge[data-state="recording"]::before {
    content: ""; display: inline-block; width: 9px; height: 9px; margin-right: 8px; border-radius: 50%; background: #ff6b5e;
  }
  .reveal pre.live-output {
    position: absolute; inset: 0; z-index: 2; margin: 0; padding: 0 0.75em; border: 0 solid var(--term-background, #0a0c10);
    border-width: 0.75em 0; overflow: hidden; font: 1em/1.3333333333 var(--code-font, monospace);
    white-space: pre;
    color: var(--term-foreground, #e8eaf0); background: var(--term-background, #0a0c10);
  }
  .reveal .code-box > pre.live-output {
    inset: 0 0 auto 0; min-height: 100%; max-height: calc(10 * 1.3333333333em + 1.5em); border-radius: 10px;
    font-size: calc(0.7em * var(--code-fit, 1)); box-shadow: 0 6px 24px rgb(0 0 0 / 30%);
  }
  :is(.terminal-box, .code-box):has(> .live-badge) { position: relative; }
  :is(.terminal-box, .code-box):has(> .live-badge) > .badge { display: none; }
`;
let badges = {};

/** Show these badges, by block name: {state, text, output}. */
export function showBadges(fresh) {
  if (!document.getElementById("castdeck-badges")) {
    const style = document.createElement("style");
    style.id = "castdeck-badges";
    style.textContent = BADGE_STYLE;
    document.head.append(style);
  }
  badges = fresh;
  putBadges(document);
}

/** Put the badges on the blocks in `root`. */
export function putBadges(root) {
  for (const block of root.querySelectorAll("[data-block]")) {
    const box = block.closest(".terminal-box, .code-box");
    const badge = badges[block.dataset.block];
    if (!box) continue;
    put(box, box, "span", "live-badge", badge?.text, badge?.state);
    put(box, box.querySelector(".screen") ?? box, "pre", "live-output", badge?.output);
  }
}

function put(box, place, tag, name, text, state) {
  let element = box.querySelector(`.${name}`);
  if (!text) {
    element?.remove();
    return;
  }
  if (!element) {
    element = document.createElement(tag);
    element.className = name;
    place.append(element);
  }
  if (state) element.dataset.state = state;
  if (element.textContent === text) return;
  element.textContent = text;
  const excess = element.scrollWidth / element.clientWidth;
  if (excess > 1) element.style.fontSize = `${parseFloat(getComputedStyle(element).fontSize) / excess}px`;
  element.scrollTop = element.scrollHeight;
}
