// The commands that are typed into a live terminal, read from its screen: the shell marks where its prompts end.

/** Follow what an xterm shows; `commands` are those that ended, each {text, status}; `told` is called when one has. */
export class Typed {
  constructor(term, told) {
    this.term = term;
    this.told = told;
    this.commands = [];
    this.lines = [];
    this.forget();
    term.parser.registerOscHandler(133, (data) => this.mark(data));
    term.parser.registerCsiHandler({ prefix: "?", final: "l" }, (modes) => {
      if (modes.includes(2004)) this.entered();
      return false;
    });
  }

  forget() {
    this.begin?.marker.dispose();
    this.begin = null;
  }

  mark(data) {
    const [kind, first] = data.split(";");
    if (kind === "D") this.ended(Number(first));
    if (kind === "B" || kind === "P") this.promptEnds();
    return true;
  }

  promptEnds() {
    this.forget();
    const marker = this.term.registerMarker(0);
    if (marker) this.begin = { marker, column: this.term.buffer.active.cursorX };
  }

  /** The line editor gives back the terminal: what stands between the prompt and the cursor's line was entered. */
  entered() {
    if (!this.begin) return;
    const { buffer } = this.term;
    const { marker, column } = this.begin;
    const end = buffer.active.baseY + buffer.active.cursorY;
    let text = "";
    for (let line = marker.line; line >= 0 && line < end; line += 1) {
      const row = buffer.active.getLine(line);
      if (!row) break;
      const isWrapped = buffer.active.getLine(line + 1)?.isWrapped ?? false;
      text += (row.isWrapped || line === marker.line ? "" : "\n") + row.translateToString(!isWrapped, line === marker.line ? column : 0);
    }
    this.lines.push(text);
    this.forget();
  }

  ended(status) {
    const text = this.lines.join("\n").trimEnd();
    this.lines = [];
    if (text.trim() && !text.startsWith(" ")) this.commands.push({ text, status });
    this.told();
  }
}
