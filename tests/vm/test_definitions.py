"""A machine of one's own, made from another: what castdeck.toml says is so in the guest, and it is made in layers."""

from pathlib import Path
from uuid import uuid4

import pytest

from castdeck.cast.model import parse_cast
from castdeck.cast.screen import last_screen
from castdeck.workspace import cache_folder
from tests.conftest import Cli

pytestmark = [
    pytest.mark.vm,
    pytest.mark.slow("builder/castdeck/machine/qemu", "builder/castdeck/machine/settings.py", "tests/vm"),
    pytest.mark.timeout(1200),
]

CONFIG = """default_machine = "lab"

[machine.tools]
from = "debian"
packages = ["git", "python3-venv"]
user = "ada"
locale = "fr_FR.UTF-8"
prompt = '[\\u \\W] '

[machine.lab]
from = "tools"
hostname = "classroom"
files = {"/usr/local/bin/tool" = "tool.sh", "/home/ada/notes/one.txt" = {text = "to read\\n"}}
setup = "git config --system user.name Ada; git config --system user.email ada@example.org"
"""
DECK = """# A {#a}

```bash
tool; hostname; ls /nulle-part | true
stat -c '%U %n' ~/notes/one.txt /usr/local/bin/tool
```

```bash
git init -q -b main work && cd work && echo one >file && git add file && git commit -qm first && git log --format=%an
```

```bash
python3 -m venv --without-pip here && here/bin/python -c 'print(6 * 7)'
```
"""


def test_what_a_definition_says_is_so_in_the_guest_and_a_changed_script_makes_one_layer(
    cli: Cli, tmp_path: Path
) -> None:
    (tmp_path / "castdeck.toml").write_text(CONFIG)
    (tmp_path / "tool.sh").write_text("#!/bin/sh\necho made here\n")
    (tmp_path / "tool.sh").chmod(0o755)
    (tmp_path / "deck.md").write_text(DECK)
    done = cli("record", "deck.md", "--recordings", "casts")
    assert done.status == 0, done.err
    first = _screen(tmp_path / "casts/a-1.cast")
    assert first.startswith("[ada ~] tool; hostname")
    assert "made here\nclassroom\nls: impossible d'accéder à '/nulle-part'" in first
    assert "ada /home/ada/notes/one.txt\nroot /usr/local/bin/tool" in first
    assert "\nAda\n" in _screen(tmp_path / "casts/a-2.cast")
    assert "\n42\n" in _screen(tmp_path / "casts/a-3.cast")

    (tmp_path / "castdeck.toml").write_text(CONFIG.replace("name Ada", f"name Grace; : {uuid4()}"))
    built = cli("machine", "build", "lab")
    steps = [line.strip().removesuffix(" ...") for line in built.err.splitlines() if line.endswith("...")]
    assert steps == [
        "writing /usr/local/bin/tool",
        "writing /home/ada/notes/one.txt",
        "running the machine's setup script",
        "saving the machine's snapshot",
    ]
    again = cli("record", "deck.md", "--recordings", "casts")
    assert again.err.endswith("3 recorded, 0 still true (" + again.err.rpartition("(")[2]), again.err
    assert "\nGrace\n" in _screen(tmp_path / "casts/a-2.cast")

    newest = max(cache_folder().glob("machines/*/golden-*/memory.zst"), key=lambda memory: memory.stat().st_mtime)
    newest.write_bytes(newest.read_bytes()[:-100_000])
    damaged = cli("record", "deck.md", "--recordings", "casts", "--force")
    assert damaged.status == 1
    assert "the machine's snapshot was damaged, and has been removed\n    try again: it is rebuilt\n" in damaged.err
    (tmp_path / "deck.md").write_text("# A {#a}\n\n```bash\ntool\n```\n")
    healed = cli("record", "deck.md", "--recordings", "casts", "--force")
    assert healed.status == 0, healed.err


def _screen(cast: Path) -> str:
    return "\n".join(last_screen(parse_cast(cast.read_text(encoding="utf-8"))))
