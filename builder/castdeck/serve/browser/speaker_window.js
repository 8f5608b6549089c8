// The speaker's view of the deck in the frame. castdeck's page opens it, since a frame is gone after a reload, and passes on
// what the two say to each other: see render/browser/speaker.js.

const isOfSpeaker = (data) => typeof data === "string" && data.includes('"castdeck"');

/** Pass messages on between the deck in the frame and its speaker's view. */
export class SpeakerWindow {
  constructor(frame) {
    this.frame = frame;
    /** @type {any} */
    this.view = null;
    addEventListener("message", (event) => {
      const { data, source } = /** @type {any} */ (event);
      if (!isOfSpeaker(data) || !source) return;
      if (source === frame.contentWindow) this.view?.postMessage(data, "*");
      else if (source.opener === window && source.parent === source) {
        this.view = source; // also one that was open before this page was loaded anew
        frame.contentWindow.postMessage(data, "*");
      }
    });
  }

  /** Open the view, right after somebody pressed a key or a button. */
  open() {
    if (!(navigator.userActivation?.isActive ?? true)) return;
    this.view = window.open(`${this.frame.dataset.address}?speaker`, "castdeck-speaker");
    this.view?.focus();
  }

  /** Whether a window is one of the view's copies of the deck. */
  holds(source) {
    return Boolean(this.view) && Array.from({ length: this.view.length }, (_, at) => this.view[at]).includes(source);
  }
}
