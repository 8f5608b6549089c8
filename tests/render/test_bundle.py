"""Browser modules become one script, in which two things of the same name would be an error."""

import re
from collections import Counter
from pathlib import Path

import pytest

import castdeck
from castdeck.render.bundle import bundle_scripts

PACKAGE = Path(castdeck.__file__).parent
ENTRIES = {
    "render": ("start.js", "handout.js", "index.js"),
    "serve": ("shell.js", "live.js"),
    "present": ("stage.js", "deck.js", "remote.js", "student.js", "students.js"),
}
NAMED = re.compile(r"^(?:(?:async )?function\*?|const|let|class) (?:\{([^}]*)\}|\[([^\]]*)\]|(\w+))", re.MULTILINE)


@pytest.mark.parametrize(("package", "entry"), [(name, entry) for name in ENTRIES for entry in ENTRIES[name]])
def test_no_two_modules_of_a_script_name_the_same(package: str, entry: str) -> None:
    script = bundle_scripts(PACKAGE / package / "browser", entry)
    names = [name.strip() for found in NAMED.findall(script) for name in ",".join(filter(None, found)).split(",")]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert "import {" not in script and "\nexport " not in script
