"""Tells YAML between two `---` from a slide whose text begins like YAML."""

import re
from collections.abc import Sequence

from castdeck.deck.properties import PROPERTIES

_HASH = re.compile(r"#{1,6}(?:\s|$)")
_KEY = re.compile(r"""(?:[A-Za-z_][\w.-]*|"[^"]*"|'[^']*')[ \t]*:(?:\s|$)""")
_COMMENTED_OUT = re.compile(r"#+\s*[a-z][\w-]*:(?:\s|$)")


def holds_text(block: str, *, is_front_matter: bool = False, may_have_any_key: bool = False) -> bool:
    """Whether the block contains a heading, or text below an empty line.

    A line that begins with `#` is a YAML comment only right above a key: a known property, or any with
    `may_have_any_key`, where it may also stand below an empty line, as in Slidev. Front matter may also comment out a
    key anywhere, and have a comment right below one.
    """
    lines = block.split("\n")
    below_empty, below_key, has_key = False, False, False
    for number, line in enumerate(lines):
        if not line.strip():
            below_empty, below_key = True, False
        elif _HASH.match(line):
            is_comment = is_front_matter and (below_key or (has_key and bool(_COMMENTED_OUT.match(line))))
            may_be_one = is_front_matter or not below_empty or (has_key and may_have_any_key)
            if not is_comment and not (
                may_be_one and _is_above_key(lines[number + 1 :], is_front_matter or may_have_any_key)
            ):
                return True
        elif below_empty and not is_front_matter and not line.startswith((" ", "\t", "- ")) and not _KEY.match(line):
            return True
        else:
            below_key = has_key = True
    return False


def _is_above_key(lines: Sequence[str], any_key: bool) -> bool:
    following = next((line for line in lines if not line.startswith("#")), "")
    return bool(_KEY.match(following)) and (any_key or following.partition(":")[0].strip() in PROPERTIES)
