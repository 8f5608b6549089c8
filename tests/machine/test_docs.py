"""docs/machines.md: every machine that it shows can be defined so."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from castdeck.machine.kinds import find_definition

PAGE = (Path(__file__).parents[2] / "docs/machines.md").read_text(encoding="utf-8")
SHOWN = [text for text in re.findall(r"^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL) if "[machine." in text]


@pytest.mark.parametrize("text", SHOWN, ids=[re.findall(r"\[machine\.(\w+)", text)[0] for text in SHOWN])
def test_what_the_page_shows_is_a_machine(text: str, tmp_path: Path) -> None:
    written_out = text.replace("sha256:...", f"sha256:{'0' * 64}").replace("sha512:...", f"sha512:{'0' * 128}")
    tables = tomllib.loads(written_out)["machine"]
    for table in tables.values():
        _lay_out(table, tmp_path)
    for name in tables:
        assert find_definition(name, tables, tmp_path).name == name


def _lay_out(table: Mapping[str, object], folder: Path) -> None:
    """Write the files of the workspace that a table names."""
    files = table.get("files", {})
    assert isinstance(files, dict)
    image = str(table.get("image", ""))
    images = [image] if image and "://" not in image else []
    for named in [*images, *(source for source in files.values() if isinstance(source, str))]:
        (folder / named).parent.mkdir(parents=True, exist_ok=True)
        (folder / named).write_text("here")
