// How a live terminal looks, and what its parts are made of.

const TERMINAL_STYLE = `
  .live { position: fixed; z-index: 500; display: flex; flex-direction: column; box-sizing: border-box; overflow: hidden; border-radius: 8px; outline: 2px solid #3ecf8e; }
  .live[hidden] { display: none; }
  .live .live-bar { flex: none; display: flex; align-items: center; gap: 6px; min-height: 30px; padding: 2px 10px; font: 500 14px/22px system-ui, sans-serif; color: #f2f3f7; background: #1d1f27; }
  .live .live-bar span { flex: 1; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .live .live-bar span::before { content: ""; display: inline-block; width: 9px; height: 9px; margin-right: 8px; border-radius: 50%; background: #3ecf8e; }
  .live[data-state="starting"] .live-bar span::before { background: #f0b429; }
  .live[data-state="ended"] .live-bar span::before { background: #ff5f56; }
  .live button { padding: 2px 10px; border: 0; border-radius: 14px; color: inherit; background: #3a3d4a; font: inherit; cursor: pointer; }
  .live button:hover { background: #565b6e; }
  .live button:focus-visible { outline: 3px solid #7ab7ff; }
  .live .live-host { flex: 1; min-height: 0; padding: 6px 10px; }
  .live .live-host[hidden] { display: none; }
  .live .live-page { flex: 1; min-height: 0; border: 0; background: #fff; }
  .live .live-tabs { flex: none; display: flex; gap: 4px; }
  .live .live-tabs [aria-pressed="true"] { background: #0b63c5; }
  .live.watch { inset: 40px 10px 10px; z-index: 700; background: #12141a; }
  .live.watch .live-host { overflow: hidden; }
  .live .xterm { height: 100%; }
  .live .xterm :is(.xterm-viewport, .xterm-scrollable-element) { background: transparent !important; }
  .live .live-keys { display: none; flex: none; gap: 6px; padding: 4px 10px; color: #f2f3f7; background: #1d1f27; }
  @media (pointer: coarse) { .live .live-keys { display: flex; } .live button { min-height: 40px; } }
  .keep-dialog { width: min(860px, 90vw); border: 0; border-radius: 12px; color: #f2f3f7; background: #1d1f27; font: 15px/1.5 system-ui, sans-serif; }
  .keep-dialog pre { max-height: 50vh; overflow: auto; padding: 10px; background: #12141a; font: 13px/1.5 ui-monospace, monospace; }
  .keep-dialog button { margin-right: 8px; padding: 6px 16px; border: 0; border-radius: 16px; font: inherit; cursor: pointer; }
`;

export function button(text, title, press) {
  const one = made("button");
  one.type = "button";
  one.textContent = text;
  one.title = title;
  one.addEventListener("click", press);
  return one;
}

/** @returns {any} */
export function made(tag, name = "") {
  const element = document.createElement(tag);
  element.className = name;
  return element;
}

const terminalStyle = document.head.appendChild(made("style"));
terminalStyle.textContent = TERMINAL_STYLE;
