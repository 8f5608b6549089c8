// The trainer's list of the class. All that students say is text, and shown as text.
import { filled, word } from "../../render/browser/words.js";
import { button } from "../../serve/browser/live_look.js";
import { Watch } from "../../serve/browser/watch.js";
import { Line } from "./line.js";

const { room, terminals: token } = document.body.dataset;
const rows = document.getElementById("students");
const count = document.getElementById("count");
let watch = null;

const line = new Line("trainer", {
  heard: ({ room: now, students, done }) => {
    if (now && now !== room) location.reload(); // the server was started anew
    if (students) show(students, done);
  },
  connected: (is) => document.body.toggleAttribute("data-lost", !is),
});

function show(students, done) {
  const here = students.filter((one) => one.here).length;
  const machines = students.filter((one) => one.machine).length;
  const checks = Object.entries(done).map(([slide, many]) => `, ${filled("doneBy", slide, many)}`);
  count.textContent = filled("isHere", here, students.length, machines) + checks.join("");
  rows.replaceChildren(...students.map(rowOf));
}

function rowOf({ seat, name, number, title, hand, here, done, machine, doing, busy, status, share }) {
  const row = document.createElement("tr");
  row.classList.toggle("hand", hand);
  row.classList.toggle("away", !here);
  const runs = machine && (doing || word(machine === "running" ? "machineRuns" : "machineStarts"));
  const shell = machine ? (busy ? word("commandRuns") : word("atPrompt")) : "";
  for (const text of [name || word("noName"), number ? `${number} ${title}` : "", runs, shell, status ?? "", done.join(", ")]) {
    row.appendChild(document.createElement("td")).textContent = String(text ?? "");
  }
  row.children[0].setAttribute("data-hand", word("handIsUp"));
  row.children[4].classList.toggle("failed", Boolean(status));
  row.appendChild(document.createElement("td")).append(...(machine ? [lookButton(seat, name, share)] : []));
  return row;
}

/** Looks at the terminal of a student who shares it; asks one who does not. */
function lookButton(seat, name, share) {
  if (!share) return button(word("ask"), word("askTitle"), () => line.say({ ask: seat }));
  const title = filled(share === "type" ? "terminalToType" : "terminalOf", name || word("aStudent"));
  return button(word(share === "type" ? "typeAlong" : "look"), title, () => {
    watch?.close();
    watch = new Watch("watch", token, String(seat), title, (why) => {
      watch = null;
      if (why) count.textContent = `${title}: ${why}`;
    });
  });
}
