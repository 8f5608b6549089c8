// The live terminals of castdeck's own page: each over the place where the deck in the frame has its recording.
import { LiveTerminal } from "./live_terminal.js";
import { loadXterm } from "./screen.js";

const STORED = "castdeck-live-terminals";

export class LiveTerminals {
  /** `tell` is called with the names of the blocks that are live, `leave` gives the keys back to the deck. */
  constructor(token, tell, leave) {
    this.token = token;
    this.tell = tell;
    this.leave = leave;
    this.show = null; // where there is a class: shows it the terminal of that id, "" for none
    this.boxes = [];
    this.all = new Map(); // LiveTerminal by block
    this.ids = readIds();
  }

  /**
   * Do what the deck's page says; a machine only right after somebody pressed a key or a button.
   * @param {any} said
   */
  hear({ boxes, take }) {
    if (boxes) this.place(boxes);
    if (take !== undefined && (navigator.userActivation?.isActive ?? true)) this.take(take);
  }

  /** The deck has its terminals there; those that were live before the page was loaded are so again. */
  place(boxes) {
    this.boxes = boxes;
    if (boxes.length) whenIdle(() => loadXterm().catch(() => {})); // a terminal that is taken over says what is wrong
    for (const box of boxes) if (this.ids[box.block] && !this.all.has(box.block)) this.begin(box);
    for (const [block, live] of this.all) live.place(boxes.find((box) => box.block === block));
  }

  /** Take the terminal of a block over, or go back to it. */
  take(block) {
    const box = this.boxes.find((one) => one.block === block);
    if (!box) return;
    if (!this.all.has(block)) this.begin(box);
    this.all.get(block).focus();
  }

  begin(box, command = box.command) {
    const hello = { token: this.token, id: this.ids[box.block] ?? "", block: box.block, command };
    this.all.set(box.block, new LiveTerminal(hello, box, this));
    this.tell([...this.all.keys()]);
  }

  /** The recording stands in its place again. */
  putBack(live) {
    this.drop(live);
    this.tell([...this.all.keys()]);
    this.leave();
  }

  /** The state is made again. */
  afresh(live) {
    const { block, command } = live.hello;
    const box = this.boxes.find((one) => one.block === block) ?? live.box;
    this.drop(live);
    this.begin(box, command);
    this.all.get(block).focus();
  }

  drop(live) {
    this.all.delete(live.hello.block);
    this.remember(live.hello.block, "");
    live.remove();
  }

  remember(block, id) {
    if (id) this.ids[block] = id;
    else delete this.ids[block];
    sessionStorage.setItem(STORED, JSON.stringify(this.ids));
  }
}

function readIds() {
  try {
    const ids = JSON.parse(sessionStorage.getItem(STORED));
    return ids && typeof ids === "object" ? ids : {};
  } catch {
    return {};
  }
}

function whenIdle(task) {
  (window.requestIdleCallback ?? ((late) => setTimeout(late, 1000)))(task);
}
