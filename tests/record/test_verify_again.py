"""`verify` tells what is different each time from what has changed: in the sandbox, where commands really run."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from castdeck.cast.model import format_cast, parse_cast
from tests.conftest import Cli, needs_bubblewrap

pytestmark = [
    pytest.mark.usefixtures("sandbox"),
    needs_bubblewrap,
]
DECK = """---
machine: local
---

# A {#a}

```bash
mktemp -u
shuf -i 1000000-9999999 -n 1
echo "process $BASHPID of a hundred, load $RANDOM.$RANDOM"
```

```bash
echo "tmux 3.3a"
```
"""


def test_no_drift_is_told_but_real_drift(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "deck.md").write_text(DECK, encoding="utf-8")
    assert cli("record", "deck.md", "--recordings", "casts").status == 0
    fine = cli("verify", "deck.md", "--recordings", "casts")
    assert fine.status == 0, fine.out + fine.err
    for name, before, after in (("a-1", "of a hundred", "of a thousand"), ("a-2", "tmux 3.3a", "tmux 3.2")):
        kept = {path: path.read_text(encoding="utf-8") for path in (tmp_path / "casts").iterdir() if path.is_file()}
        _change(tmp_path / "casts", name, before, after)
        drifted = cli("verify", "deck.md", "--recordings", "casts")
        assert "it prints something else than was recorded" in drifted.out
        assert drifted.err.index(": error: ") < drifted.err.index("it prints something else") < drifted.err.index(after)
        assert (drifted.status, after in drifted.out + drifted.err) == (1, True)
        for path, text in kept.items():
            path.write_text(text, encoding="utf-8")


# A kind of drift, a command that also prints what is different each time, and what its recording is changed to say.
DRIFTS = {
    "version": ("echo tmux 3.3a, process $BASHPID", "3.3a", "3.4"),
    "word": ("mktemp -u; echo the house is red", "red", "blue"),
    "missing-line": ("mktemp -u; seq 5", "4\r\n", ""),
    "extra-line": ("mktemp -u; seq 5", "4\r\n", "4\r\n4\r\n"),
    "order": ("mktemp -u; printf '%s\\n' pear apple", "pear\r\napple", "apple\r\npear"),
    "columns": ("printf 'NAME PID STATE\\nweb %s up\\n' $BASHPID", "NAME PID STATE", "NAME PID"),
    "number": ("echo 3 files changed by $BASHPID", "3 files", "4 files"),
    "file": ("mktemp -u; mkdir d; touch d/one d/two; ls -1 d", "two", "three"),
    "what-it-says": ("echo process $BASHPID; cat gone; :", "No such file or directory", "Permission denied"),
    "place": ("mktemp -u", "/tmp/tmp", "/var/tmp"),
}


@pytest.mark.slow("builder/castdeck/record", "tests/record")
@pytest.mark.timeout(400)
def test_ten_kinds_of_drift_are_each_found_among_what_is_different_each_time(tmp_path: Path, cli: Cli) -> None:
    blocks = (f"# One {{#{kind}}}\n\n```bash\n{command}\n```\n" for kind, (command, _, _) in DRIFTS.items())
    deck = "---\nmachine: local\n---\n\n" + "\n---\n\n".join(blocks) + "\n```bash {exit=3}\n(exit 3)\n```\n"
    (tmp_path / "deck.md").write_text(deck, encoding="utf-8")
    assert cli("record", "deck.md", "--recordings", "casts").status == 0
    assert cli("verify", "deck.md", "--recordings", "casts").status == 0
    for kind, (_, before, after) in DRIFTS.items():
        _change(tmp_path / "casts", f"{kind}-1", before, after)
    index = json.loads((tmp_path / "casts/index.json").read_text(encoding="utf-8"))
    index["blocks"]["place-2"]["commands"][0]["status"] = 4
    (tmp_path / "casts/index.json").write_text(json.dumps(index), encoding="utf-8")
    drifted = cli("verify", "deck.md", "--recordings", "casts", "--format", "json")
    (session,) = json.loads(drifted.out)["verdicts"]
    told = {block["name"]: [drift["message"] for drift in block["drifts"]] for block in session["blocks"]}
    different = ["it prints something else than was recorded"]
    assert told == {f"{kind}-1": different for kind in DRIFTS} | {"place-2": ["it ended with status 3, recorded was 4"]}


def _change(folder: Path, name: str, before: str, after: str) -> None:
    """Change what the last command of a recording printed, as if it had printed that."""
    path, index = folder / f"{name}.cast", folder / "index.json"
    cast = parse_cast(path.read_text(encoding="utf-8"))
    *told, prompt = cast.events
    begin = max(number for number, event in enumerate(told) if event.kind == "i") + 2
    head, found, tail = "".join(event.data for event in told[begin:]).rpartition(before)
    assert found
    changed = told[begin]._replace(data=head + after + tail)
    text = format_cast(replace(cast, title="", events=(*told[:begin], changed, prompt)))
    path.write_text(text, encoding="utf-8")
    entries = json.loads(index.read_text(encoding="utf-8"))
    entries["blocks"][name]["cast"] = hashlib.sha256(text.encode()).hexdigest()[:16]
    index.write_text(json.dumps(entries), encoding="utf-8")
