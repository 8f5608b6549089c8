"""`verify` tells what is different each time from what has changed: in the sandbox, where commands really run."""

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from castdeck.cast.model import format_cast, parse_cast
from tests.conftest import Cli

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is wanted: make packages-test"),
]
DECK = """---
machine: local
---

# A {#a}

```bash
mktemp -u
shuf -i 1000000-9999999 -n 1
echo "process $BASHPID of a hundred, load $((RANDOM % 9)).$RANDOM"
```

```bash
echo "tmux 3.3a"
```
"""


def test_no_drift_is_told_but_real_drift(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "deck.md").write_text(DECK, encoding="utf-8")
    places = {"CASTDECK_CONFIG": str(tmp_path / "config"), "CASTDECK_CACHE": str(tmp_path / "cache")}
    cli("machine", "allow", "local", "--yes", **places)
    assert cli("record", "deck.md", "--recordings", "casts", **places).status == 0
    fine = cli("verify", "deck.md", "--recordings", "casts", **places)
    assert fine.status == 0, fine.out + fine.err
    for name, before, after in (("a-1", "of a hundred", "of a thousand"), ("a-2", "tmux 3.3a", "tmux 3.2")):
        kept = {path: path.read_text(encoding="utf-8") for path in (tmp_path / "casts").iterdir() if path.is_file()}
        _change(tmp_path / "casts", name, before, after)
        drifted = cli("verify", "deck.md", "--recordings", "casts", **places)
        assert "it prints something else than was recorded" in drifted.out
        assert drifted.err.index(": error: ") < drifted.err.index("it prints something else") < drifted.err.index(after)
        assert (drifted.status, after in drifted.out + drifted.err) == (1, True)
        for path, text in kept.items():
            path.write_text(text, encoding="utf-8")


def _change(folder: Path, name: str, before: str, after: str) -> None:
    """Change what the last command of a recording printed, as if it had printed that."""
    path, index = folder / f"{name}.cast", folder / "index.json"
    head, _, tail = path.read_text(encoding="utf-8").rpartition(before)
    path.write_text(head + after + tail, encoding="utf-8")
    entries = json.loads(index.read_text(encoding="utf-8"))
    text = format_cast(replace(parse_cast(path.read_text(encoding="utf-8")), title=""))
    entries["blocks"][name]["cast"] = hashlib.sha256(text.encode()).hexdigest()[:16]
    index.write_text(json.dumps(entries), encoding="utf-8")
