// The trainer's list of the class. All that students say is text, and shown as text.
import { Line } from "./line.js";

const { room } = document.body.dataset;
const rows = document.getElementById("students");
const count = document.getElementById("count");

new Line("trainer", {
  heard: ({ room: now, students, done }) => {
    if (now && now !== room) location.reload(); // the server was started anew
    if (students) show(students, done);
  },
  connected: (is) => document.body.toggleAttribute("data-lost", !is),
});

function show(students, done) {
  const here = students.filter((one) => one.here).length;
  const machines = students.filter((one) => one.machine).length;
  const checks = Object.entries(done).map(([slide, many]) => `, ${slide} done by ${many}`);
  count.textContent = `${here} of ${students.length} here, ${machines} machines${checks.join("")}`;
  rows.replaceChildren(...students.map(rowOf));
}

function rowOf({ name, number, title, hand, here, done, machine, busy, status }) {
  const row = document.createElement("tr");
  row.classList.toggle("hand", hand);
  row.classList.toggle("away", !here);
  const shell = machine ? (busy ? "runs a command" : "at the prompt") : "";
  for (const text of [name || "(no name yet)", number ? `${number} ${title}` : "", machine ?? "", shell, status ?? "", done.join(", ")]) {
    row.appendChild(document.createElement("td")).textContent = String(text);
  }
  row.children[4].classList.toggle("failed", Boolean(status));
  return row;
}
