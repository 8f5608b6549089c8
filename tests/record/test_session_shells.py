"""A whole session in another shell than bash: recorded in the sandbox, where the shells really run."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from castdeck.errors import WorkspaceError
from castdeck.record.settings import session_shell
from tests.conftest import Cli, needs_bubblewrap

pytestmark = [
    pytest.mark.process,
    needs_bubblewrap,
]
_SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\([A-Z]|\r")
ZSH = """```zsh {exit=any timeout=30}
print -l one ${(U):-two}
for word in é 日本; do
  echo "<$word>"
done
false
cat <<END
	here
END
printf "local%% "
sleep 100
#$ sendcontrol c
exit 3
echo "a new one: $0"
```

```console {exit=any}
$ printf %s "$TOKEN_FOR_TESTS" | wc -c
25
$ fc -l 1 | grep -c 'aid='
0
```
"""
FISH = """```fish {exit=any timeout=30}
string upper one two
for word in é 日本
  echo "<$word>"
end
false
echo 'two
lines'
printf "student@local ~> "
sleep 100
#$ sendcontrol c
exit 3
status is-interactive; and echo "a new one: $SHLVL"
```

```console {exit=any}
$ printf %s "$TOKEN_FOR_TESTS" | wc -c
25
$ history | grep -c 'aid='
0
```
"""
SECRET = r"half'way\\and"
Record = Callable[..., tuple[dict[str, str], dict[str, list[int]]]]


@pytest.fixture
def record(tmp_path: Path, cli: Cli) -> Record:
    """record(shell, text) records a deck, verifies it, and gives what each block shows and its commands' statuses."""

    def recorded(shell: str, text: str) -> tuple[dict[str, str], dict[str, list[int]]]:
        if shutil.which(shell) is None:
            pytest.skip(f"{shell} is not installed")
        front = f"---\nmachine: local\nshell: {shell}\nsecrets: [TOKEN_FOR_TESTS]\n---\n"
        (tmp_path / "deck.md").write_text(f"{front}\n# A {{#a}}\n\n{text}", encoding="utf-8")
        places = {"CASTDECK_CONFIG": str(tmp_path / "config"), "CASTDECK_CACHE": str(tmp_path / "cache")}
        places["TOKEN_FOR_TESTS"] = SECRET.ljust(25, "x")
        cli("machine", "allow", "local", "--yes", **places)
        for verb in ("record", "verify"):
            done = cli(verb, "deck.md", "--recordings", "casts", **places)
            assert done.status == 0, done.err
        index = json.loads((tmp_path / "casts/index.json").read_text(encoding="utf-8"))["blocks"]
        statuses = {name: [one["status"] for one in block["commands"]] for name, block in index.items()}
        return {path.stem: _shown(path) for path in (tmp_path / "casts").glob("*.cast")}, statuses

    return recorded


def _shown(path: Path) -> str:
    events = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    return _SEQUENCE.sub("", "".join(data for _, kind, data, *_ in events if kind == "o"))


def test_zsh_is_typed_into_as_its_user_would(record: Record) -> None:
    shown, statuses = record("zsh", ZSH)
    assert statuses == {"a-1": [0, 0, 1, 0, 0, 130, 3, 0], "a-2": [0, 1]}
    assert shown["a-1"].startswith(
        "local% print -l one ${(U):-two}\none\nTWO\nlocal% for word in é 日本; do\nfor>   echo"
    )
    assert "heredoc> END\n\there\n" in shown["a-1"].replace("        ", "\t")
    assert shown["a-1"].endswith('local% exit 3\nlocal% echo "a new one: $0"\na new one: zsh\nlocal% ')


def test_fish_is_typed_into_as_its_user_would(record: Record) -> None:
    shown, statuses = record("fish", FISH)
    assert statuses == {"a-1": [0, 0, 1, 0, 0, 130, 3, 0], "a-2": [0, 1]}
    assert shown["a-1"].startswith(
        "student@local ~> string upper one two\nONE\nTWO\nstudent@local ~> for word in é 日本\n"
    )
    assert '  echo "<$word>"\nend\n<é>\n<日本>\nstudent@local ~> false\nstudent@local ~ [1]> ' in shown["a-1"]
    assert "a new one: " in shown["a-1"].splitlines()[-2]


@pytest.mark.parametrize(
    ("name", "hint"), [("pwsh", "a bash block can run single"), ("zhs", "did you mean zsh?"), ("tcsh", "it can be")]
)
def test_a_shell_that_castdeck_cannot_type_into_is_told(name: str, hint: str) -> None:
    with pytest.raises(WorkspaceError, match="can't type into") as told:
        session_shell(name, Path("deck.md"))
    assert told.value.problem.hint.startswith(hint)
