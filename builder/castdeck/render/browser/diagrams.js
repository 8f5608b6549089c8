// Draws Mermaid's diagrams in the theme's colours. Each stands in a shadow tree, where the slide's style does not reach
// the text that Mermaid has measured; its source stays in the page, to be read aloud and searched.

const DIAGRAM_SCALE = 2.5; // Mermaid draws at 16 px, a short slide is written at 40
const DIAGRAM_STYLE = `svg { display: block; margin: auto; max-width: 100%; max-height: 100%; height: auto }
  .error { white-space: pre-wrap; font: 0.7em/1.4 monospace }`;
let diagrams = 0;

/** Draw what is new in `root`, a slide or the whole document; whether there was something. */
export async function drawDiagrams(root) {
  if (typeof mermaid === "undefined") return false;
  const wanted = [...root.querySelectorAll("div.diagram:not([data-drawn])")];
  if (wanted.length === 0) return false;
  mermaid.initialize(mermaidSettings());
  for (const figure of wanted) {
    figure.dataset.drawn = "";
    await drawOne(figure);
  }
  return true;
}

/** Draw the diagrams again where the theme follows the system between light and dark. */
export function redrawOnNewColours(done) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", async () => {
    document.querySelectorAll("div.diagram[data-drawn]").forEach((figure) => delete figure.dataset.drawn);
    if (await drawDiagrams(document)) done();
  });
}

async function drawOne(figure) {
  const shadow = figure.shadowRoot ?? figure.attachShadow({ mode: "open" });
  const source = figure.querySelector("pre").textContent;
  try {
    diagrams += 1;
    const { svg } = await mermaid.render(`castdeck-diagram-${diagrams}`, source);
    shadow.innerHTML = `<style>${DIAGRAM_STYLE}</style>${svg}`;
    giveSize(shadow.querySelector("svg"));
  } catch (error) {
    shadow.innerHTML = `<style>${DIAGRAM_STYLE}</style><div class="error"></div>`;
    shadow.querySelector(".error").textContent = `${error.message}\n\n${source}`;
  }
}

/** As large as the slide's text, as far as there is room. */
function giveSize(svg) {
  const { width } = svg.viewBox.baseVal;
  svg.removeAttribute("style");
  svg.removeAttribute("height");
  svg.removeAttribute("width");
  svg.style.width = `calc(${(width * DIAGRAM_SCALE).toFixed(1)}px * var(--fit, 1))`;
}

function mermaidSettings() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => asHex(style.getPropertyValue(name).trim() || "#888");
  const font = style.getPropertyValue("--text-font").trim();
  return {
    startOnLoad: false,
    securityLevel: "strict",
    theme: "base",
    look: "classic",
    fontFamily: font,
    flowchart: { nodeSpacing: 28, rankSpacing: 34, padding: 10, diagramPadding: 2 },
    sequence: { actorMargin: 36, width: 110, height: 44, messageMargin: 30, mirrorActors: false, diagramMarginY: 2 },
    themeVariables: {
      darkMode: isDark(colour("--background")),
      fontFamily: font,
      useGradient: false,
      dropShadow: "none",
      background: colour("--background"),
      primaryColor: colour("--surface"),
      primaryTextColor: colour("--text"),
      primaryBorderColor: colour("--accent"),
      secondaryColor: colour("--code-background"),
      tertiaryColor: colour("--background"),
      lineColor: colour("--quiet"),
      textColor: colour("--text"),
      titleColor: colour("--heading"),
      noteBkgColor: colour("--surface"),
      noteTextColor: colour("--text"),
      noteBorderColor: colour("--line"),
    },
  };
}

/** Any colour of CSS as #rrggbb, the form that Mermaid can calculate with. */
function asHex(colour) {
  const context = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

function isDark(hex) {
  const [red, green, blue] = [1, 3, 5].map((place) => parseInt(hex.slice(place, place + 2), 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}
