"""The built-in themes, measured: WCAG 2.2 contrast of every pair of colours that text is drawn in."""

import re

import pytest

from castdeck.render import known_themes, load_theme

CODE = ("text", "keyword", "string", "comment", "number", "name", "variable", "deleted")
PAIRS = (
    [(name, "background") for name in ("text", "heading", "quiet", "link", "warning")]
    + [("text", "surface"), ("on-accent", "accent"), ("text", "mark")]
    + [("cover-text", "cover-background"), ("cover-quiet", "cover-background"), ("section-text", "section-background")]
    + [(f"code-{name}", "code-background") for name in CODE]
    + [("term-foreground", "term-background"), ("term-quiet", "term-background"), ("term-bar-text", "term-bar")]
    + [("term-dim", "term-background"), ("term-focus-text", "term-focus")]
    + [(f"term-{number}", "term-background") for number in range(1, 16)]
)
LEAST = {"contrast": 7.0}
AA = 4.5


def variables(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", css))


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", sorted(known_themes()))
def test_text_can_be_read_on_what_is_behind_it(name: str) -> None:
    colours = variables(load_theme(name).css)
    weak = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in PAIRS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < LEAST.get(name, AA)} == {}
