// A key that was pressed in the speaker's window, pressed here: also in the search, and while a command is typed along.

/** Press a key where the deck's own keyboard would; `key` and `keyCode` are a keyboard event's. */
export function press({ key, keyCode, shiftKey }) {
  const target = document.activeElement ?? document.body;
  const event = new KeyboardEvent("keydown", { key, keyCode, shiftKey, bubbles: true, cancelable: true });
  if (target.dispatchEvent(event) && target.matches("input")) type(target, key);
}

/** What a browser does by itself with a real key. */
function type(input, key) {
  const { selectionStart: start, selectionEnd: end } = input;
  if (key === "Enter") input.form?.requestSubmit();
  else if (key === "Backspace") input.setRangeText("", start === end ? Math.max(0, start - 1) : start, end, "end");
  else if (key.length === 1) input.setRangeText(key, start, end, "end");
  else return;
  input.dispatchEvent(new InputEvent("input", { bubbles: true }));
}
