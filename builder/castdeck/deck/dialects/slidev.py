"""Slidev: YAML above each slide, slots, `<v-click>`, code snippets, comments at the end of a slide as notes."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from markdown_it.token import Token

from castdeck.codes import Code
from castdeck.deck.dialects.dialect import Comments, Dialect, Lost, PropertyStyle, Sign
from castdeck.deck.dialects.slidev_clicks import show_clicks
from castdeck.deck.dialects.slidev_snippets import snippets_plugin
from castdeck.deck.strict_yaml import YamlError, load_yaml
from castdeck.problems import Place

if TYPE_CHECKING:
    from castdeck.deck.parts import Part

_OF_THE_FIRST_SLIDE = ("layout", "class", "background", "image", "routeAlias", "hideInToc")
_OF_THE_PAGE = ("html", "htmlAttrs")
_COMPONENTS = re.compile(
    r"<(?:[A-Z][A-Za-z]*|v-(?!clicks?\b|after\b)[a-z-]+"
    r"|(?:carbon|mdi|logos|ph|tabler|twemoji|noto|fa|ri|uim|simple-icons|vscode-icons|devicon)[-:][\w-]+)\b"
    r"|\bv-(?:motion|mark|drag)\b|^::[a-z][\w-]*(?:\{[^{}]*\})?\s*$"
    r"|<style\b[^>]*\blang=[^>]*|(?<=\s)@apply\b",
    re.MULTILINE,
)
_MARKS = re.compile(r"\{\{[^{}]+\}\}")
_IN_CODE = re.compile(r"\A(?:(plantuml)\b|[^\n]*[ {](magic-move|twoslash|monaco-(?:run|diff))\b)")
_MATHS_STEPS = re.compile(r"^[ \t]*\{(?:[\d,|*\s-]|all|none|hide)*\}(?:\{[^{}\n]*\})?[ \t]*(?=\n)")
_TRANSITIONS = {
    **dict.fromkeys(("slide-left", "slide-right", "slide-up", "slide-down"), "slide"),
    **dict.fromkeys(("fade", "fade-out"), "fade"),
}
"""Slidev's, and those of reveal.js that come nearest."""
_BESIDE = {"image-right": "right", "image-left": "left", "iframe-right": "right", "iframe-left": "left"}


def _own_settings(settings: Mapping[str, object]) -> dict[str, object]:
    """The direction and the language of the page's `<html>`."""
    found: dict[str, object] = {}
    for name in _OF_THE_PAGE:
        said = settings.get(name)
        if isinstance(said, dict):
            found |= {"rtl": True} if said.get("dir") == "rtl" else {}
            found |= {"lang": said["lang"]} if isinstance(said.get("lang"), str) else {}
    found = {name: value for name, value in found.items() if name not in settings}
    return found | _transition(settings)


def _transition(values: Mapping[str, object]) -> dict[str, object]:
    """reveal.js's name of the transition; of several, that for the way forward."""
    said = str(values.get("transition", "")).partition("|")[0].strip()
    return {"transition": _TRANSITIONS[said]} if said in _TRANSITIONS else {}


def _divide(tokens: list[Token], settings: Mapping[str, object]) -> list[Token]:
    """Read a `---` right below another as the end of empty properties."""
    kept: list[Token] = []
    for token in tokens:
        above = kept[-1] if kept else token
        are_separators = above.type == token.type == "separator"
        if are_separators and (token.map or [0])[0] == (above.map or [0])[0] + 1:
            token = Token("properties", "", 0, map=token.map, block=True, meta={"values": {}, "yaml": True})
        kept.append(token)
    return kept


def _mend(parts: Sequence["Part"], settings: Mapping[str, object]) -> None:
    """Show the images of layouts beside or behind the text.

    The front matter holds for the first slide, too, which is a cover where nothing else is said.
    """
    first = next((part for part in parts if settings or not part.is_empty), None)
    if first:
        first.values = {name: settings[name] for name in _OF_THE_FIRST_SLIDE if name in settings} | dict(first.values)
    for part in parts:
        _take_yaml_block(part)
        values = ({"layout": "cover"} if part is first else {}) | dict(part.values)
        layout, image = str(values.get("layout", "")), values.pop("image", None)
        if layout in _BESIDE:
            values["layout"] = "default"
            shown = image or values.pop("url", "")
            kind = "iframe " if layout.startswith("iframe") and not image else ""
            values["beside"] = f"{_BESIDE[layout]} {kind}{shown}"
        elif image:
            values["background-image"] = image
        if layout in ("image", "iframe"):
            values["layout"] = "full"
            if layout == "iframe" and "url" in values:
                values["background-iframe"] = values.pop("url")
        if direction := values.pop("dir", None):
            part.inherited = {**part.inherited, "dir": str(direction)}
        part.values = values | _transition(values)
        part.tokens[:] = show_clicks(part.tokens)
        for token in part.tokens:
            if token.type == "math_block":
                token.content = _MATHS_STEPS.sub("", token.content)


def _take_yaml_block(part: "Part") -> None:
    """Read a `yaml` block that begins a slide without properties as its properties, as Slidev does."""
    first = part.tokens[0] if part.tokens and not part.values else None
    if not first or first.type != "fence" or first.info.strip() not in ("yaml", "yml"):
        return
    try:
        values = load_yaml(first.content)
    except YamlError:
        return
    if isinstance(values, dict):
        part.values = {str(name): value for name, value in values.items()}
        part.said_at = Place(part.path, (first.map or [0])[0] + 1)
        del part.tokens[0]


SLIDEV = Dialect(
    "slidev",
    "Slidev",
    telling=frozenset(
        (
            *(
                "drawings",
                "mdc",
                "comark",
                "routerMode",
                "colorSchema",
                "canvasWidth",
                "themeConfig",
                "addons",
                "exportFilename",
            ),
            *(
                "aspectRatio",
                "htmlAttrs",
                "monaco",
                "remoteAssets",
                "selectable",
                "titleTemplate",
                "twoslash",
                "highlighter",
            ),
            *("lineNumbers", "monacoTypesSource", "presenter", "contextMenu", "wakeLock", "overviewSnapshots"),
        )
    ),
    settings=frozenset(
        (
            *(
                "layoutClass",
                "fonts",
                "info",
                "favicon",
                "download",
                "record",
                "defaults",
                "export",
                "clicks",
                "level",
                "preload",
            ),
            *(*_OF_THE_FIRST_SLIDE, "html", "coverAuthor", "coverDate", "coverBackgroundUrl", "css", "seoMeta"),
            *("browserExporter", "duration", "timer", "pwa"),
        )
    ),
    links_addresses=True,
    has_own_first=True,
    scopes_styles=True,
    lost=(
        Lost(_COMPONENTS),
        Lost(_MARKS, "{{name}} of the front matter is filled in with `template: true`"),
        Lost(_IN_CODE, in_code=True),
    ),
    other_property=Code.UNSUPPORTED,
    heeded=frozenset((*_OF_THE_FIRST_SLIDE, *_OF_THE_PAGE, "mdc", "comark", "highlighter", "info")),
    themes=frozenset(
        {"apple-basic", "bricks", "geist", "penguin", "purplin", "seriph", "shibainu", "unicorn", "vuetiful"}
    ),
    signs=(
        Sign("<v-click>", re.compile(r"<v-[a-z]+\b|\sv-click\b|<(?:Toc|Tweet|Youtube|RenderWhen|SlidevVideo)\b")),
        Sign("<<< @/", re.compile(r"^<<<\s+\S")),
        Sign("::right::", re.compile(r"^::(?:right|left|default|top|bottom|content)::\s*$"), 4),
        Sign("$slidev", re.compile(r"\{\{\s*\$(?:slidev|frontmatter|nav|clicks|page)\b")),
    ),
    separators={"slide": "/-{3,}/"},
    ends_text=True,
    properties=PropertyStyle.YAML,
    comments=Comments.NOTES_AT_END,
    plugin=snippets_plugin,
    own_settings=_own_settings,
    divide=_divide,
    mend=_mend,
)
