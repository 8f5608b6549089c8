"""A deck from a stranger that does all the harm it can: each block's attempt is an error of that block, or comes to
nothing, and this computer is as it was. docs/security.md names these tests."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from castdeck.workspace import cache_folder
from tests.conftest import Cli, Result
from tests.emulators import emulators

pytestmark = [
    pytest.mark.vm,
    pytest.mark.slow("builder/castdeck/machine", "builder/castdeck/record", "tests/vm"),
    pytest.mark.timeout(1200),
]

BOMB = "bomb() { bomb | bomb & }; bomb"
DECK = f"""# A {{#a}}

```bash
echo before
```

```bash {{timeout=10}}
{BOMB}
sleep 60
```

```bash {{exit=any}}
for to in 10.0.2.2 127.0.0.1 HOST; do timeout 2 bash -c "</dev/tcp/$to/PORT" && echo reached; done
```

```bash {{timeout=60}}
sudo sh -c 'for d in /dev/vd? /dev/mem /dev/port /dev/hvc0 /dev/vport*; do timeout 3 dd if=/dev/zero of=$d; done'; false
```

```bash
sudo rm -rf --no-preserve-root / 2>/dev/null; ls
```

```bash
printf '\\033]0;owned\\007\\033]52;c;b3duZWQ=\\007\\033[2J\\033P+q544e\\033\\\\'; false
```

```bash {{timeout=400}}
head -c 1G /dev/zero | tr '\\0' x
```

```bash
fallocate -l 100G big
```

```bash
sudo poweroff -f
```

```bash
echo after
```
"""


@pytest.fixture(scope="module", autouse=True)
def machine() -> None:
    """The small golden machine, built once: minutes under emulation, where the cache has none."""
    subprocess.run([sys.executable, "-m", "castdeck", "machine", "build", "debian"], check=True, timeout=880)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("", 0)) as listening:
        listening.settimeout(0.1)
        yield listening


def _kept() -> dict[str, tuple[int, int]]:
    """All that the cache holds for later machines, with size and time of change."""
    files = [file for file in (cache_folder() / "machines").rglob("*.qcow2") if "checkpoints" not in file.parts]
    return {str(file): (file.stat().st_size, file.stat().st_mtime_ns) for file in files}


def _line(text: str, numbered: str) -> int:
    return 1 + next(number for number, line in enumerate(text.splitlines()) if line.startswith(numbered))


def test_a_hostile_deck_leaves_this_computer_as_it_was(cli: Cli, tmp_path: Path, listener: socket.socket) -> None:
    deck = DECK.replace("PORT", str(listener.getsockname()[1])).replace("HOST", _address())
    (tmp_path / "castdeck.toml").write_text('default_machine = "debian"\ncheckpoints = 0\n')
    (tmp_path / "deck.md").write_text(deck)
    before = _kept()
    done = cli("record", "deck.md", "--recordings", "casts", timeout=1100)

    assert done.status == 1, done.err
    for line, why in (
        ("sleep 60", "did not end within 10 s"),
        ("sudo sh", "ended with exit status 1"),
        ("sudo rm", "ended with exit status 127"),
        ("printf", "ended with exit status 1"),
        ("head -c", "printed more than 64 MiB"),
        ("fallocate", "ended with exit status 1"),
        ("sudo poweroff", "the machine was lost"),
    ):
        assert any(f"deck.md:{_line(deck, line)}: error:" in told and why in told for told in done.err.splitlines()), (
            line,
            done.err,
        )
    casts = {path.stem: path.read_text() for path in (tmp_path / "casts").glob("*.cast")}
    assert "before" in casts["a-1"]
    assert "after" in casts["a-10"]
    assert "\r\nreached" not in casts["a-3"]
    with pytest.raises(TimeoutError):
        listener.accept()
    assert _kept() == before
    assert emulators() == []
    assert list((cache_folder() / "run").iterdir()) == []
    _nothing_for_a_terminal(done)


def _nothing_for_a_terminal(done: Result) -> None:
    """Neither messages nor the log hold a control code."""
    log = max((cache_folder() / "logs").glob("*.log"), key=lambda path: path.stat().st_mtime)
    for text in (done.out, done.err, log.read_text()):
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", text)


def _address() -> str:
    """This computer's own address, or its loopback's where it has no other."""
    try:
        return socket.gethostbyname(socket.gethostname())
    except OSError:
        return "127.0.0.1"
