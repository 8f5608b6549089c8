// At a terminal's foot, in rows that stay free: the commands that are still to come, each behind a ring.
import { roomOf } from "./fit.js";
import { terminalOf } from "./terminal.js";

const FREE_ROWS = 1; // rows between them and what is on the screen

/** Keep them in step with what the terminals play. */
export function showWhatWaits() {
  document.addEventListener("castdeck:terminal", ({ detail: { terminal } }) => listWaiting(terminal));
  document.addEventListener("castdeck:rows", ({ target }) => listWaiting(terminalOf(target)));
}

/** They give way to an output that has come down to the row `last`, counted from 0. */
export function giveWay(frame, last) {
  const list = frame.querySelector(".waiting");
  if (list && last >= Number(list.dataset.from)) list.remove();
}

function listWaiting({ frame, command, commands, state }) {
  frame.querySelector(".waiting")?.remove();
  const number = Math.max(1, command); // one that is shown or played
  const used = Number((frame.dataset.ends ?? "").split(" ")[number - 1]);
  const from = roomOf(frame) - (commands - number);
  if (state === "code" || number >= commands || !used || used + FREE_ROWS > from) return;
  const list = document.createElement("ol");
  list.className = "waiting";
  list.dataset.from = String(from);
  list.setAttribute("aria-hidden", "true");
  for (const typed of [...frame.querySelectorAll(".command code")].slice(number)) {
    list.append(Object.assign(document.createElement("li"), { textContent: typed.textContent.split("\n")[0] }));
  }
  frame.querySelector(".screen").append(list);
}
