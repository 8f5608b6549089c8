"""Shells within shells: recorded in the sandbox, where they really run."""

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import Cli, needs_bubblewrap

pytestmark = [
    pytest.mark.usefixtures("sandbox"),
    needs_bubblewrap,
]
DECK = """---
machine: local
---

# A {#a}

```bash {exit=any timeout=30}
bash --norc
echo "in bash"; sh -c 'exit 3'
cat <<-END
	a tab
END
sh
for word in one two; do
  echo $word
done
false
```

```bash {exit=any timeout=30}
echo "still in sh"
exit
exit 4
echo "outside again"
PS1='mine> '
PS2='more: '
cat <<END
here
END
```
"""


def shown(path: Path) -> str:
    events = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    return "".join(data for _, kind, data in events if kind == "o").replace("\r\n", "\n")


def test_lines_go_on_in_the_shell_that_a_command_opened_until_it_is_left(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "deck.md").write_text(DECK, encoding="utf-8")
    done = cli("record", "deck.md", "--recordings", "casts")
    assert done.status == 0, done.err
    assert shown(tmp_path / "casts/a-1.cast") == (
        "student@local:~$ bash --norc\n"
        "bash-5.2$ echo \"in bash\"; sh -c 'exit 3'\nin bash\n"
        "bash-5.2$ cat <<-END\n> \ta tab\n> END\na tab\n"
        "bash-5.2$ sh\n"
        "$ for word in one two; do\n>   echo $word\n> done\none\ntwo\n"
        "$ false\n$ "
    )
    assert shown(tmp_path / "casts/a-2.cast") == (
        '$ echo "still in sh"\nstill in sh\n'
        "$ exit\nbash-5.2$ exit 4\nexit\n"
        'student@local:~$ echo "outside again"\noutside again\n'
        "student@local:~$ PS1='mine> '\nmine> PS2='more: '\n"
        "mine> cat <<END\nmore: here\nmore: END\nhere\nmine> "
    )
    blocks = json.loads((tmp_path / "casts/index.json").read_text(encoding="utf-8"))["blocks"]
    statuses = [[command["status"] for command in blocks[name]["commands"]] for name in ("a-1", "a-2")]
    assert statuses == [[0, 3, 0, 0, 0, 1], [0, 0, 4, 0, 0, 0, 0]]


@pytest.mark.parametrize(
    ("shell", "prompt", "more"), [("zsh -f", "local% ", "for> "), ("busybox sh", "~ $ ", "> "), ("dash", "$ ", "> ")]
)
def test_other_shells_are_entered_too(tmp_path: Path, cli: Cli, shell: str, prompt: str, more: str) -> None:
    if shutil.which(shell.split()[0]) is None:
        pytest.skip(f"{shell} is not installed")
    block = f"{shell}\necho inside\nfor word in one two; do\necho $word\ndone\nexit 3\necho outside"
    text = f"---\nmachine: local\n---\n\n# A {{#a}}\n\n```bash {{exit=any timeout=30}}\n{block}\n```\n"
    (tmp_path / "deck.md").write_text(text, encoding="utf-8")
    done = cli("record", "deck.md", "--recordings", "casts")
    assert done.status == 0, done.err
    lines = re.sub(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\r", "", shown(tmp_path / "casts/a-1.cast")).splitlines()
    assert lines[0] == f"student@local:~$ {shell}"
    assert lines[-11:] == [
        f"{prompt}echo inside",
        "inside",
        f"{prompt}for word in one two; do",
        f"{more}echo $word",
        f"{more}done",
        "one",
        "two",
        f"{prompt}exit 3",
        "student@local:~$ echo outside",
        "outside",
        "student@local:~$ ",
    ]
