"""Every file that a run with secrets leaves behind is read: in the sandbox, where a shell really runs."""

import base64
from pathlib import Path

import pytest

from castdeck.record.redact import MASK, secret_forms
from tests.conftest import Cli, needs_bubblewrap

SECRET = r"s3cr3t\v@lue'42"
DECK = """---
machine: local
secrets: [API_TOKEN]
---

# A {#a}

```bash
mkdir "$API_TOKEN"; cd "$API_TOKEN"
pwd
cd; printf '%s' "$API_TOKEN" | base64
echo "user:$API_TOKEN" | base64
for part in 0 5 10; do printf '%s' "${API_TOKEN:part:5}"; sleep 0.1; done; echo
printf '\\033]0;%s\\007' "$API_TOKEN"
printf '%q\\n' "$API_TOKEN"
printf '%90s\\n' "$API_TOKEN"
```

```bash {exit=1}
echo "$API_TOKEN"
```
"""


@pytest.mark.process
@needs_bubblewrap
def test_no_file_that_a_run_leaves_behind_has_any_form_of_a_secret(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "deck.md").write_text(DECK, encoding="utf-8")
    places = {"CASTDECK_CONFIG": str(tmp_path / "config"), "CASTDECK_CACHE": str(tmp_path / "cache")}
    cli("machine", "allow", "local", "--yes", **places)
    done = cli("record", "deck.md", "--recordings", "casts", API_TOKEN=SECRET, **places)
    said = done.out + done.err
    assert "1 recorded" in said and "1 failed" in said
    read = {path: path.read_text(encoding="utf-8", errors="replace") for path in tmp_path.rglob("*") if path.is_file()}
    del read[tmp_path / "deck.md"]
    assert any(path.suffix == ".log" for path in read) and any(path.suffix == ".cast" for path in read)
    for name, text in {**{str(path): text for path, text in read.items()}, "messages": said}.items():
        assert not any(form in text for form in secret_forms([SECRET])), name
    assert f"~/{MASK}$ " in read[tmp_path / "casts/a-1.cast"]
    assert base64.b64encode(SECRET.encode()).decode()[:8] not in "".join(read.values())
