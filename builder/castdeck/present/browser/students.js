// The trainer's list of the class. All that students say is text, and shown as text.
import { Line } from "./line.js";

const { room } = document.body.dataset;
const rows = document.getElementById("students");
const count = document.getElementById("count");

new Line("trainer", {
  heard: ({ room: now, students }) => {
    if (now && now !== room) location.reload(); // the server was started anew
    if (students) show(students);
  },
  connected: (is) => document.body.toggleAttribute("data-lost", !is),
});

function show(students) {
  const here = students.filter((one) => one.here).length;
  const machines = students.filter((one) => one.machine).length;
  count.textContent = `${here} of ${students.length} here, ${machines} machines`;
  rows.replaceChildren(...students.map(rowOf));
}

function rowOf({ name, number, title, hand, here, machine, busy, status }) {
  const row = document.createElement("tr");
  row.classList.toggle("hand", hand);
  row.classList.toggle("away", !here);
  const shell = machine ? (busy ? "runs a command" : "at the prompt") : "";
  for (const text of [name || "(no name yet)", number ? `${number} ${title}` : "", machine ?? "", shell, status ?? ""]) {
    row.appendChild(document.createElement("td")).textContent = String(text);
  }
  row.lastElementChild.classList.toggle("failed", Boolean(status));
  return row;
}
