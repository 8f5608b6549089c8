"""<style> elements in a deck: unscoped ones that change every slide, and scoped ones limited to their own."""

import re

_STYLE = re.compile(r"<style\b([^>]*)>(.*?)(?:</style>|\Z)", re.DOTALL | re.IGNORECASE)
_BARE = re.compile(
    r"(?:^|[{},;]|\*/)\s*((?:section|code|pre|body|html|:root|h[1-6]|p|ul|ol|li|img|table|a|blockquote)\b[^{},;]*)(?=[,{])"
)
_SECTION = re.compile(r"(^\s*|[},]\s*)section\b(?!-)")


def bare_selectors(html: str) -> list[str]:
    """The selectors of an unscoped <style> that match elements of every slide."""
    found = [style[2] for style in _STYLE.finditer(html) if "scoped" not in style[1].lower()]
    return list(dict.fromkeys(name.strip() for css in found for name in _BARE.findall(css)))


def scoped_styles(html: str, slide: str, *, every: bool) -> str:
    """Limit scoped styles (with `every`, all styles) to the slide of that id."""

    def scoped(style: re.Match[str]) -> str:
        if not every and "scoped" not in style[1].lower():
            return style[0]
        css = _SECTION.sub(r"\g<1>&", style[2])
        return f"<style>\n[id={quoted(slide)}] {{{css}}}\n</style>"

    return _STYLE.sub(scoped, html) if "<style" in html.lower() else html


def quoted(name: str) -> str:
    """Quote a name as a CSS string inside HTML."""
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\3c ") + '"'
