// Run in a built deck's page: gives it functions that tell how large a slide's text is after it has been fitted, what
// still hangs over, and which diagrams and formulas could not be drawn.
(async () => {
  const { width, height } = Reveal.getConfig();
  const root = getComputedStyle(document.documentElement);
  const least = (name) => parseFloat(root.getPropertyValue(`--least-${name}`)) || 0;
  const size = (element) => (parseFloat(getComputedStyle(element).fontSize) * 720) / height;
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const loaded = (image) => image.complete || new Promise((done) => (image.onload = image.onerror = done));
  const drawn = (diagram) => diagram.shadowRoot?.querySelector("svg, .error");
  const wrong = (section) => [
    ...[...section.querySelectorAll("div.diagram")].flatMap((diagram) => {
      const error = diagram.shadowRoot?.querySelector(".error");
      return error ? [{ kind: "diagram", text: diagram.querySelector("pre").textContent, why: error.textContent }] : [];
    }),
    ...[...section.querySelectorAll(".katex-error")].map((error) => ({
      kind: "formula",
      text: error.textContent,
      why: error.title,
    })),
  ];

  window.castdeckMeasure = async (number) => {
    const section = Reveal.getSlides()[number];
    const { h, v } = Reveal.getIndices(section);
    Reveal.slide(h, v);
    await Promise.all([...section.querySelectorAll("img")].map(loaded));
    const diagrams = [...section.querySelectorAll("div.diagram")];
    const deadline = performance.now() + 10000;
    do await frame();
    while (!diagrams.every(drawn) && performance.now() < deadline);
    if (diagrams.length) await frame();
    const body = section.querySelector(":scope > .body");
    if (!body) return null;
    const blocks = (selector) =>
      [...section.querySelectorAll(selector)].map((element) => ({
        name: element.closest("[data-block]")?.dataset.block ?? "",
        size: size(element),
        wrapped: element.classList.contains("wrapped"),
      }));
    return {
      id: section.id,
      below: Math.round(((body.scrollHeight - body.clientHeight) * 720) / height),
      beside: Math.round(((body.scrollWidth - body.clientWidth) * 1280) / width),
      text: size(body),
      code: blocks("pre.code"),
      terminals: blocks(".terminal"),
      wrong: wrong(section),
    };
  };

  await document.fonts.ready;
  return {
    least: { text: least("text"), code: least("code"), terminal: least("terminal") },
    ids: Reveal.getSlides().map((section) => section.id),
  };
})();
