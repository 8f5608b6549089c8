"""`castdeck record` where no machine is wanted: the plan, what nobody has, and what can't be read."""

from pathlib import Path

import pytest

from castdeck.deck import parse_deck
from castdeck.record.order import Order
from castdeck.record.settings import settings_of
from castdeck.record.store import Recordings
from castdeck.workspace import Workspace
from tests.conftest import Cli
from tests.record.made import record_all

DECK = """# One {#one}

```bash
echo one
```

```bash
docker run <image>
```

---

# Two {#two}

```bash
echo two
```
"""


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    """A deck with recordings of all that can be run."""
    (tmp_path / "deck.md").write_text(DECK, encoding="utf-8")
    parsed = parse_deck(DECK, Path("deck.md"))
    record_all(Order(parsed, Recordings(tmp_path / "casts"), settings_of(parsed, Workspace(None))))
    return tmp_path / "deck.md"


def test_the_plan_tells_of_each_block_how_it_stands_and_why(cli: Cli, deck: Path, tmp_path: Path) -> None:
    deck.write_text(DECK.replace("echo two", "echo three").replace("{#one}", "{#first}"), encoding="utf-8")
    (tmp_path / "casts/gone-1.cast").write_text("")
    before = {path.name: path.read_bytes() for path in (tmp_path / "casts").iterdir()}
    done = cli("record", "deck.md", "--recordings", "casts", "--dry-run", CASTDECK_CACHE=str(tmp_path / "cache"))
    assert (done.status, done.out.splitlines()) == (
        0,
        [
            "deck.md:3: first-1: renamed, it was one-1",
            "deck.md:7: first-2: not run, nothing fills <image> (line 8)",
            "deck.md:15: two-1: stale, its commands have changed",
            "    16  types         echo three",
            "casts/gone-1: orphaned, no block is called so",
            f"{tmp_path.name}: 1 to record, 1 still true",
        ],
    )
    assert done.err == f"machine states kept to start from: 0.0 of 10.7 GB in {tmp_path / 'cache'}\n"
    assert {path.name: path.read_bytes() for path in (tmp_path / "casts").iterdir()} == before


def test_a_renamed_slide_costs_no_machine(cli: Cli, deck: Path, tmp_path: Path) -> None:
    deck.write_text(DECK.replace("{#one}", "{#first}"), encoding="utf-8")
    done = cli("record", "deck.md", "--recordings", "casts", CASTDECK_CACHE=str(tmp_path / "cache"))
    assert done.status == 0
    assert done.err.endswith(f"{tmp_path.name}: 0 recorded, 2 still true, 1 not run\n")
    assert sorted(path.name for path in (tmp_path / "casts").iterdir()) == ["first-1.cast", "index.json", "two-1.cast"]


def test_prune_removes_what_no_block_has(cli: Cli, deck: Path, tmp_path: Path) -> None:
    (tmp_path / "casts/gone-1.cast").write_text("")
    done = cli("record", "deck.md", "--recordings", "casts", "--prune")
    assert (done.status, done.err.splitlines()[-1]) == (0, f"{tmp_path.name}: gone-1 removed")
    done = cli("record", "deck.md", "--recordings", "casts", "--prune")
    assert (done.status, done.err.splitlines()[-1]) == (0, f"{tmp_path.name}: nothing to remove")
    assert sorted(path.name for path in (tmp_path / "casts").iterdir()) == ["index.json", "one-1.cast", "two-1.cast"]


def test_slide_goes_with_force(cli: Cli, deck: Path) -> None:
    assert "--slide needs --force" in cli("record", "deck.md", "--slide", "one").err
    done = cli("record", "deck.md", "--force", "--slide", "none")
    assert (done.status, done.err) == (2, "error: there is no slide 'none' in deck.md\n")


@pytest.mark.parametrize(("command", "status"), [("record", 1), ("verify", 2)])
def test_an_index_of_a_newer_castdeck_stays_and_says_what_to_do(
    cli: Cli, deck: Path, command: str, status: int
) -> None:
    index = deck.parent / "casts/index.json"
    index.write_text('{"version": 99, "blocks": {}}')
    done = cli(command, "deck.md", "--recordings", "casts", "--quiet")
    assert done.status == status
    assert (
        "casts/index.json: error: index of version 99, this castdeck reads 2\n  use the castdeck that wrote it"
        in done.err
    )
    assert index.read_text() == '{"version": 99, "blocks": {}}'


def test_a_wrong_rule_of_verify_is_a_usage_error(cli: Cli, deck: Path) -> None:
    deck.with_name("castdeck.toml").write_text("[[verify.rules]]\nmatch = '('\nwith = ''\n")
    done = cli("verify", "deck.md", "--recordings", "casts")
    assert done.status == 2
    assert "not a rule of verify: '('" in done.err


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("echo a\necho )", "deck.md:3: error: exit status 2: bash would refuse it: echo ) (line 5)"),
        ("if true; then\n  # ...\nfi", "deck.md:3: warning: not run: bash would refuse it: if true; then (line 4)"),
    ],
    ids=["a mistake", "a part of something"],
)
def test_a_line_that_bash_refuses_is_an_error_but_not_part_of_something_longer(
    cli: Cli, tmp_path: Path, code: str, told: str
) -> None:
    (tmp_path / "deck.md").write_text(f"# A {{#a}}\n\n```bash\n{code}\n```\n", encoding="utf-8")
    done = cli("record", "deck.md", CASTDECK_CACHE=str(tmp_path / "cache"))
    assert told in done.err
    assert done.status == int("error" in told)
