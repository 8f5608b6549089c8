"""`shell = "fish"` in castdeck.toml: what is a command is judged by that shell."""

from pathlib import Path

import pytest

from tests.conftest import Cli

DECK = "# A {#a}\n\n```bash\nif true; echo (math 1+1); end\n```\n\n```fish\nset x 1\n```\n"


@pytest.mark.parametrize(("config", "a", "b"), [('shell = "fish"\n', "a-1: run", "a-2: run"), ("", "a-1: not run", "")])
def test_what_only_bash_would_refuse(tmp_path: Path, cli: Cli, config: str, a: str, b: str) -> None:
    (tmp_path / "castdeck.toml").write_text(config)
    (tmp_path / "slides/one").mkdir(parents=True)
    (tmp_path / "slides/one/deck.md").write_text(DECK)
    told = cli("check", "one", "--blocks").out
    assert a in told and b in told
