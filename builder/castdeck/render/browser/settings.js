// What castdeck tells the page's scripts. A deck's HTML may hold an element of the same name: castdeck's is the last one.
const elements = document.querySelectorAll("#castdeck-settings");

export const settings = JSON.parse(elements[elements.length - 1]?.textContent ?? "{}");
