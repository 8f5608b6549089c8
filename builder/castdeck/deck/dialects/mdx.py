"""mdx-deck: slides of MDX, whose `import` and `export` lines are for its own program."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from castdeck.deck.dialects.dialect import Dialect, Sign
from castdeck.deck.dialects.paragraphs import without_paragraphs

if TYPE_CHECKING:
    from castdeck.deck.parts import Part

_MODULE = re.compile(r"(?:import\s+[^\n]*?\bfrom\s+['\"]|import\s+['\"]|export\s+(?:default\b|const\b|\{|\*))")


def _mend(parts: Sequence["Part"], settings: Mapping[str, object]) -> None:
    for part in parts:
        part.tokens[:] = without_paragraphs(part.tokens, lambda inline: bool(_MODULE.match(inline.content)))


MDX = Dialect(
    "mdx-deck",
    "mdx-deck",
    signs=(
        Sign("import", re.compile(r"^import\s+.*\bfrom\s+['\"](?:mdx-deck|\.{1,2}/|code-surfer)")),
        Sign("export", re.compile(r"^export (?:default |\{.*\bfrom )")),
    ),
    ends_text=True,
    mend=_mend,
)
