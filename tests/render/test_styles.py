"""castdeck's style sheets, as text."""

import re
from pathlib import Path

import pytest

import castdeck.render

SHEETS = sorted((Path(castdeck.render.__file__).parent / "css").glob("*.css"))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_no_selector_asks_whether_there_is_a_class(sheet: Path) -> None:
    """With one, a browser works out the styles of all slides anew whenever any class changes."""
    assert "[class" not in re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
