// What is wrong with the deck, over the slides: errors at once, until they are mended or closed; warnings, and errors
// that were closed, behind a small button.

const STYLE = `
  :host { position: fixed; inset: auto 0 0 0; z-index: 1000; pointer-events: none; font: 15px/1.5 system-ui, sans-serif; }
  .panel, .pill { pointer-events: auto; background: #1d1f27; color: #f2f3f7; box-shadow: 0 4px 24px rgb(0 0 0 / 45%); outline: 1px solid #ffffff2b; }
  .panel { margin: 0 auto 20px; width: min(860px, calc(100vw - 40px)); max-height: 70vh; overflow: auto; border-radius: 12px; }
  .problem { padding: 14px 20px; border-left: 6px solid #f0b429; }
  .problem.error { border-color: #ff5f56; }
  .panel { position: relative; }
  @media (max-width: 700px) { .panel { margin-bottom: 56px; } }
  .close { position: sticky; float: right; top: 8px; margin: 8px 10px 0 0; width: 28px; height: 28px; border: 0; border-radius: 50%; color: #b9bdcc; background: #2c2f3a; font: 16px/1 system-ui; cursor: pointer; }
  .close:hover { color: #fff; }
  .problem + .problem { border-top: 1px solid #3a3d4a; }
  .where { color: #b9bdcc; font: 13px/1.5 ui-monospace, monospace; }
  .message { font-weight: 600; overflow-wrap: anywhere; }
  .hint { color: #cfd3e0; overflow-wrap: anywhere; white-space: pre-wrap; }
  pre { margin: 8px 0 4px; padding: 8px 0; background: #12141a; border-radius: 6px; overflow-x: auto; font: 13px/1.5 ui-monospace, monospace; }
  pre span { display: block; padding: 0 12px; white-space: pre; color: #b9bdcc; }
  pre span.here { background: #46262b; color: #fff; }
  pre b { display: inline-block; min-width: 3.2em; font-weight: 400; color: #868ca0; user-select: none; }
  .pill { position: absolute; left: 72px; bottom: 12px; padding: 4px 14px; border: 0; border-radius: 20px; font: inherit; font-size: 13px; }
  button.pill { cursor: pointer; }
  button.pill::before { content: ""; display: inline-block; width: 9px; height: 9px; margin-right: 8px; border-radius: 50%; background: #f0b429; }
  button.pill.error::before { background: #ff5f56; }
  button:focus-visible { outline: 3px solid #7ab7ff; }
  .lost { left: auto; right: 72px; }
  [hidden] { display: none; }
`;
const LOST = "The preview has stopped; waiting for it";
const LOST_AFTER = 1000; // milliseconds

export class Overlay {
  /** `done` is called after a click: the keys go back to the deck. */
  constructor(parent, done) {
    this.done = done;
    const host = document.createElement("div");
    host.id = "castdeck-overlay";
    const root = host.attachShadow({ mode: "open" });
    root.append(element("style", "", STYLE));
    this.panel = root.appendChild(element("div", "panel"));
    this.panel.setAttribute("role", "alert");
    this.pill = root.appendChild(element("button", "pill"));
    this.lost = root.appendChild(element("div", "pill lost", LOST));
    this.pill.addEventListener("click", () => this.toggle());
    this.open = false;
    this.closed = "";
    this.show([]);
    this.connected(true);
    parent.append(host);
  }

  show(problems) {
    this.errors = problems.filter(({ error }) => error);
    this.warnings = problems.filter(({ error }) => !error);
    if (!problems.length) this.open = false;
    if (JSON.stringify(this.errors) !== this.closed) this.closed = "";
    this.draw();
  }

  connected(is) {
    clearTimeout(this.waiting);
    if (is) this.lost.hidden = true;
    else this.waiting = setTimeout(() => this.loses(), LOST_AFTER);
  }

  loses() {
    this.lost.textContent = LOST;
    this.lost.hidden = false;
  }

  toggle() {
    this.open = !this.open;
    this.draw();
    this.done();
  }

  /** Put the errors away too, until there are others. */
  close() {
    this.open = false;
    this.closed = this.errors.length ? JSON.stringify(this.errors) : "";
    this.draw();
    this.done();
  }

  /** The deck's page could not show a change, also after it was loaded anew. */
  failed(why) {
    this.lost.textContent = `The last change could not be shown (${why}); reload the page`;
    this.lost.hidden = false;
  }

  draw() {
    const shown = this.open ? [...this.errors, ...this.warnings] : this.closed ? [] : this.errors;
    const away = [...(this.closed && !this.open ? [count(this.errors, "error")] : []), count(this.warnings, "warning")];
    const close = element("button", "close", "×");
    close.title = "Put away";
    close.addEventListener("click", () => this.close());
    this.panel.replaceChildren(close, ...shown.map(problemElement));
    this.panel.hidden = !shown.length;
    this.pill.textContent = this.open ? "hide" : away.filter(Boolean).join(", ");
    this.pill.hidden = !this.pill.textContent;
    this.pill.classList.toggle("error", Boolean(this.closed));
    this.pill.setAttribute("aria-expanded", this.open);
  }
}

function count(problems, word) {
  return problems.length ? `${problems.length} ${word}${problems.length > 1 ? "s" : ""}` : "";
}

function problemElement({ file, line, message, hint, error, excerpt }) {
  const box = element("div", error ? "problem error" : "problem");
  box.append(element("div", "where", line ? `${file}:${line}` : file), element("div", "message", message));
  if (excerpt.length) {
    const code = box.appendChild(element("pre"));
    for (const [number, text] of excerpt) {
      const row = code.appendChild(element("span", number === line ? "here" : ""));
      row.append(element("b", "", String(number)), text || " ");
    }
  }
  if (hint) box.append(element("div", "hint", hint));
  return box;
}

function element(tag, name = "", text = "") {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}
