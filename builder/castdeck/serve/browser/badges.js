// How it stands with each block's recording, on the block: stale, waiting, recording with what the machine says, failed.

const BADGE_STYLE = `
  .live-badge {
    position: absolute; top: 6px; right: 10px; z-index: 3; padding: 1px 12px; border-radius: 20px; pointer-events: none;
    font: 600 15px/1.6 system-ui, sans-serif; color: #fff; background: #5b6070;
  }
  .live-badge[data-state="stale"] { background: #8a5a00; }
  .live-badge[data-state="recording"] { background: #0b63c5; }
  .live-badge[data-state="failed"] { background: #b3261e; }
  .live-badge[data-state="recording"]::before {
    content: ""; display: inline-block; width: 9px; height: 9px; margin-right: 8px; border-radius: 50%; background: #ff6b5e;
  }
  .live-output {
    position: absolute; inset: auto 0 0 0; z-index: 2; margin: 0; padding: 8px 14px; max-height: 60%; overflow: hidden;
    font: 15px/1.4 var(--code-font, monospace); white-space: pre-wrap; color: #e8eaf0; background: rgb(10 12 16 / 88%);
  }
  :is(.terminal-box, .code-box):has(> .live-badge) { position: relative; }
  :is(.terminal-box, .code-box):has(> .live-badge) .badge { display: none; }
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
    put(box, "span", "live-badge", badge?.text, badge?.state);
    put(box, "pre", "live-output", badge?.output, badge?.state);
  }
}

function put(box, tag, name, text, state) {
  let element = box.querySelector(`:scope > .${name}`);
  if (!text) {
    element?.remove();
    return;
  }
  if (!element) {
    element = document.createElement(tag);
    element.className = name;
    box.append(element);
  }
  element.dataset.state = state;
  if (element.textContent !== text) element.textContent = text;
}
