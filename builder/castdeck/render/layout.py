"""What a slide's layout is, where the author names none: told by what stands on it."""

from collections.abc import Sequence

from markdown_it.token import Token

from castdeck.deck.model import Slide

LAYOUTS = (
    "cover",
    "section",
    "quote",
    "statement",
    "center",
    "middle",
    "full",
    "image-left",
    "image-right",
    "two-cols",
)
STATEMENT_LENGTH = 90
_IGNORED = ("html_block", "step", "slot")


def layout_of(slide: Slide) -> str:
    """ "section" for a heading alone, but for one on a background of its own; "words" for a heading with paragraphs of
    words (a cover, where it is the first slide), "quote" for one quote with a heading, or with whose it is, "statement"
    for one short sentence; else "".
    """
    if set(slide.attributes.get("class", "").split()) & set(LAYOUTS) or slide.blocks:
        return ""
    parts = [(token.type, token.tag) for token in slide.tokens if token.level == 0 and token.nesting >= 0]
    kinds = [kind for kind, _ in parts if kind not in _IGNORED]
    if any(kind in ("html_block", "step") for kind, _ in parts):
        return ""
    headings = 1 if kinds[:1] == ["heading_open"] else 0
    rest = kinds[headings:]
    if headings and not [kind for kind in rest if kind != "inline"]:
        return "" if any(name.startswith("data-background") for name in slide.attributes) else "section"
    blocks = [kind for kind in rest if kind != "inline"]
    if (
        headings
        and set(blocks) <= {"paragraph_open", "heading_open"}
        and parts[0][1] in ("h1", "h2")
        and not _has_images(slide.tokens)
    ):
        return "words"
    if blocks == ["blockquote_open"] or (not headings and blocks == ["blockquote_open", "paragraph_open"]):
        return "quote"
    if not headings and blocks == ["paragraph_open"] and not _has_images(slide.tokens):
        return "statement" if len(_text(slide.tokens)) <= STATEMENT_LENGTH else ""
    return ""


def _has_images(tokens: Sequence[Token]) -> bool:
    return any(
        child.type in ("image", "html_inline", "math_inline") for token in tokens for child in token.children or ()
    )


def _text(tokens: Sequence[Token]) -> str:
    return "".join(token.content for token in tokens if token.type == "inline")
