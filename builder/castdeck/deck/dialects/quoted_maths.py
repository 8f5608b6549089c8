"""reveal.js's way to write a formula in Markdown: in backticks and two dollar signs, `$$ a_1 $$`."""

import re
from collections.abc import Iterable

from markdown_it.token import Token

_FORMULA = re.compile(r"\s*\$\$(.+?)\$\$\s*", re.DOTALL)


def read_formulas(tokens: Iterable[Token]) -> None:
    """Turn inline code that is a formula into one."""
    for token in tokens:
        for child in token.children or ():
            if child.type == "code_inline" and (found := _FORMULA.fullmatch(child.content)):
                child.type, child.tag, child.markup = "math_inline_double", "math", "$$"
                child.content = found[1].strip()
