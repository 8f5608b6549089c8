"""The words of a line of markdown."""

from markdown_it import MarkdownIt


def plain(text: str) -> str:
    """The text without marks, links and pictures."""
    (inline,) = MarkdownIt().parseInline(text)
    return "".join(child.content for child in inline.children or () if child.type in ("text", "code_inline"))
