"""Contrast as it is on the screen: each text's colour against the pixels behind it, whatever has drawn them.

axe-core computes backgrounds from style sheets and leaves what it can't compute (shapes, gradients, a player's canvas)
undecided. Here a picture of the page without its text decides.
"""

import base64
from typing import Any

from playwright.sync_api import Page

AA, AA_LARGE = 4.5, 3.0
LARGE, LARGE_BOLD = 24, 18.66  # pixels, as WCAG counts them
WITHOUT_TEXT = """
.reveal, .reveal *, .reveal *::before, .reveal *::after, .foot {
  color: transparent !important; -webkit-text-fill-color: transparent !important; text-shadow: none !important;
  text-decoration-color: transparent !important; caret-color: transparent !important; transition: none !important;
}
"""
TEXTS = """(slide) => {
  const found = [];
  const root = document.querySelector(slide);
  const add = (element, style, rects, text) => {
    let opacity = 1;
    for (let one = element; one; one = one.parentElement) opacity *= Number(getComputedStyle(one).opacity);
    const scale = element.getBoundingClientRect().width / element.offsetWidth || 1;
    for (const { x, y, width, height } of rects) {
      const isOn = width > 2 && height > 2 && x >= 0 && y >= 0 && x + width <= innerWidth && y + height <= innerHeight;
      const top = isOn && document.elementFromPoint(x + width / 2, y + height / 2);
      const isSeen = top && (top === element || element.contains(top) || top.contains(element));
      if (isSeen) found.push({
        text, colour: style.color, opacity, box: [x, y, width, height],
        size: parseFloat(style.fontSize) * scale, weight: Number(style.fontWeight),
      });
    }
  };
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const style = getComputedStyle(element);
    const isApart = element.closest("script, style, .notes, [hidden], .ap-cursor") || style.visibility !== "visible";
    if (isApart || !node.nodeValue.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    add(element, style, range.getClientRects(), node.nodeValue.trim().slice(0, 40));
  }
  for (const element of root.querySelectorAll(".prompt")) {
    const isSeen = getComputedStyle(element).visibility === "visible";
    if (isSeen) add(element, getComputedStyle(element, "::before"), element.getClientRects(), element.dataset.prompt);
  }
  return found;
}"""
MEASURE = """async ([picture, texts]) => {
  const image = new Image();
  image.src = picture;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  const paint = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
  const rgb = (colour) => {
    paint.clearRect(0, 0, 1, 1);
    paint.fillStyle = colour;
    paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data];
  };
  const part = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * part(r / 255) + 0.7152 * part(g / 255) + 0.0722 * part(b / 255);
  return texts.map(({ colour, opacity, box: [x, y, width, height] }) => {
    const { data } = context.getImageData(Math.ceil(x), Math.ceil(y), Math.max(1, width - 1), Math.max(1, height - 1));
    const [r, g, b, alpha] = rgb(colour);
    const share = (alpha / 255) * opacity;
    const ratios = [];
    for (let at = 0; at < data.length; at += 4 * 7) {
      const back = [data[at], data[at + 1], data[at + 2]];
      const ink = [r, g, b].map((value, index) => share * value + (1 - share) * back[index]);
      const [more, less] = [light(ink), light(back)].sort((one, other) => other - one);
      ratios.push((more + 0.05) / (less + 0.05));
    }
    ratios.sort((one, other) => one - other);
    return ratios[Math.floor(ratios.length / 20)]; // a line or a rounded corner below a letter does not count
  });
}"""


def weak_texts(page: Page, slide: str) -> list[str]:
    """The texts of a part of the page whose contrast on the screen is less than WCAG AA asks for."""
    texts: list[dict[str, Any]] = page.evaluate(TEXTS, slide)
    assert texts, "a slide without any text has nothing to measure"
    hidden = page.add_style_tag(content=WITHOUT_TEXT)
    picture = base64.b64encode(page.screenshot()).decode()
    hidden.evaluate("(style) => style.remove()")
    browser = page.context.browser
    assert browser
    blank = browser.new_page()
    ratios = blank.evaluate(MEASURE, [f"data:image/png;base64,{picture}", texts])
    blank.close()
    return [
        f"{text['text']!r}: {ratio:.2f}, {text['colour']}, {text['size']:.0f} px"
        for text, ratio in zip(texts, ratios, strict=True)
        if ratio < least(text["size"], text["weight"])
    ]


def least(size: float, weight: int) -> float:
    """What WCAG AA asks for letters of this size and weight."""
    return AA_LARGE if size >= LARGE or (size >= LARGE_BOLD and weight >= 700) else AA
