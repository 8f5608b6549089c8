// Run in a built deck's page: gives it functions that tell how large a slide's text is after it has been fitted, what
// still hangs over, and which diagrams and formulas could not be drawn.
(async () => {
  const { width, height } = Reveal.getConfig();
  const root = getComputedStyle(document.documentElement);
  const least = (name) => parseFloat(root.getPropertyValue(`--least-${name}`)) || 0;
  const size = (element) => (parseFloat(getComputedStyle(element).fontSize) * 720) / height;
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const loaded = (image) => image.complete || new Promise((done) => (image.onload = image.onerror = done));
  const DRAWN_WITHIN = 10000; // milliseconds
  const NOT_DRAWN = `it takes more than ${DRAWN_WITHIN / 1000} seconds`;
  const drawn = (diagram) => diagram.shadowRoot?.querySelector("svg, .error");
  const wrong = (section) => [
    ...[...section.querySelectorAll("div.diagram")].flatMap((diagram) => {
      const why = drawn(diagram) ? diagram.shadowRoot.querySelector(".error")?.textContent : NOT_DRAWN;
      return why ? [{ kind: "diagram", text: diagram.querySelector("pre").textContent, why }] : [];
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
    const deadline = performance.now() + DRAWN_WITHIN;
    await frame();
    await document.fonts.ready; // the slide's own: bold or in code, they are loaded when it is shown
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

  /** After a script of a slide was stopped: take out what the slide holds, and tell its id; `id` is the slide shown. */
  window.castdeckStopped = (id) => {
    const diagrams = [...document.querySelectorAll("div.diagram[data-drawn]")];
    const section = diagrams.find((diagram) => !drawn(diagram))?.closest("section") ?? document.getElementById(id);
    section.replaceChildren();
    return section.id;
  };

  /** What can stand on a slide of its own: the elements below the title, of lists and tables their rows. */
  const unitsOf = (body) => {
    const children = [...body.children].flatMap((child) => (child.matches(".step") ? [...child.children] : [child]));
    const below = children[0]?.matches("h1, h2") ? children.slice(1) : children;
    return below.flatMap((child) => {
      if (child.matches("ul, ol")) return [...child.children];
      return child.tBodies?.length === 1 ? [...child.tBodies[0].rows] : [child];
    });
  };
  /** The units that begin a slide when none is higher than `most`; what announces something stays with it. */
  const cutsWithin = (heights, isTied, most) => {
    const cuts = [];
    let filled = 0;
    heights.forEach((height, number) => {
      const next = number && filled + height > most;
      if (next) {
        let cut = number;
        while (isTied[cut - 1] && cut - 1 > (cuts.at(-1) ?? 0)) cut -= 1;
        cuts.push(cut);
        filled = heights.slice(cut, number).reduce((sum, one) => sum + one, 0);
      }
      filled += height;
    });
    return cuts;
  };

  /** Where to cut a slide so that its text has the theme's own size: numbers of units, and how many there are. */
  window.castdeckCuts = (number) => {
    const body = Reveal.getSlides()[number].querySelector(":scope > .body");
    const style = body.getAttribute("style") ?? "";
    const { height, paddingTop, paddingBottom } = getComputedStyle(body);
    body.style.setProperty("--fit", 1);
    const scale = body.getBoundingClientRect().width / body.offsetWidth;
    const inner = parseFloat(height) - parseFloat(paddingTop) - parseFloat(paddingBottom);
    body.style.height = "auto";
    const units = unitsOf(body);
    const tops = units.map((unit) => unit.getBoundingClientRect().top / scale);
    const start = body.getBoundingClientRect().top / scale + parseFloat(paddingTop);
    const ends = [...tops.slice(1), (units.at(-1)?.getBoundingClientRect().bottom ?? 0) / scale];
    const room = inner - ((tops[0] ?? 0) - start);
    const heights = tops.map((top, at) => Math.min(room, Math.max(0, ends[at] - top)));
    body.setAttribute("style", style);
    const isTied = units.map((unit) => unit.matches("h1, h2, h3, h4, h5, h6") || /:\s*$/.test(unit.textContent));
    const fewest = cutsWithin(heights, isTied, room);
    let cuts = fewest;
    for (let most = room; most > room / 2; most -= 16) {
      const even = cutsWithin(heights, isTied, most);
      if (even.length > fewest.length) break;
      cuts = even;
    }
    return { units: units.length, cuts };
  };

  await document.fonts.ready;
  return {
    least: { text: least("text"), code: least("code"), terminal: least("terminal") },
    ids: Reveal.getSlides().map((section) => section.id),
  };
})();
