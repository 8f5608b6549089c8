"""`plan`, `verify --shard`, `merge`: several computers, and one result."""

import json
import re
from pathlib import Path

import pytest

from castdeck.deck import parse_deck
from castdeck.record.order import Order
from castdeck.record.settings import settings_of
from castdeck.record.store import Recordings
from castdeck.record.verdict import BlockVerdict, SessionVerdict, as_json
from castdeck.workspace import find_workspace
from tests.conftest import Cli
from tests.farm.test_merge import DRIFT
from tests.farm.test_shards import TEXT
from tests.record.made import record_all

DOCS = Path(__file__).parents[2] / "docs"
VALUES = {"none", "internet", "kvm", "hvf"}  # of fields, in the docs' table


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with two decks of two sessions each, without recordings."""
    (tmp_path / "castdeck.toml").write_text("")
    for name in ("one", "two"):
        (tmp_path / "slides" / name).mkdir(parents=True)
        (tmp_path / "slides" / name / "deck.md").write_text(TEXT)
    return tmp_path


def record(workspace: Path, deck: str, into: Path) -> None:
    path = workspace / "slides" / deck / "deck.md"
    parsed = parse_deck(path.read_text(), path)
    record_all(Order(parsed, Recordings(into / deck), settings_of(parsed, find_workspace(workspace))))


def verdict(deck: str, session: str, *, drifted: bool = False) -> SessionVerdict:
    drifts = (DRIFT,) if drifted else ()
    return SessionVerdict(deck, session, (BlockVerdict("a-1", Path("deck.md"), 3, 1.0, drifts),))


def test_the_plan_as_lines_and_as_data(cli: Cli, workspace: Path) -> None:
    record(workspace, "one", workspace / "recordings")
    done = cli("plan")
    assert done.status == 0
    assert done.out.splitlines() == [
        "one: 1 block, all recorded, about 0 s on docker (1280 MiB)",
        "one/db: 1 block, all recorded, about 0 s on docker (1280 MiB)",
        "two: 1 block, 1 to record, about 30 s on docker (1280 MiB)",
        "two/db: 1 block, 1 to record, about 30 s on docker (1280 MiB)",
    ]
    document = json.loads(cli("plan", "two", "--json").out)
    assert document["version"] == 1
    assert [one["id"] for one in document["sessions"]] == ["two", "two/db"]


def test_the_plan_has_just_the_fields_that_the_docs_list(cli: Cli, workspace: Path) -> None:
    record(workspace, "one", workspace / "recordings")
    table = (DOCS / "scale.md").read_text(encoding="utf-8").partition("| field |")[2].partition("\n\n")[0]
    documented = set(re.findall(r"`(?:sessions\[\]\.)?(\w+)(?:\[\])?`", table))
    document = json.loads(cli("plan", "--json").out)
    for session in document["sessions"]:
        fields = {*document, *session, *session["needs"], *(field for block in session["blocks"] for field in block)}
        assert fields - {"sessions"} == documented - VALUES


def test_the_shards_together_are_the_plan(cli: Cli, workspace: Path) -> None:
    parts = [json.loads(cli("plan", "--json", "--shard", f"{k}/3").out)["sessions"] for k in (1, 2, 3)]
    assert sorted(one["id"] for part in parts for one in part) == ["one", "one/db", "two", "two/db"]
    assert max(map(len, parts)) == 2


def test_a_shard_that_is_none(cli: Cli, workspace: Path) -> None:
    for verb in ("plan", "verify", "record"):
        done = cli(verb, "--shard", "3/2")
        assert done.status == 2
        assert "'3/2' is not a shard such as 2/8" in done.err


def test_verdicts_of_shards_make_one_report(cli: Cli, workspace: Path) -> None:
    (workspace / "a.json").write_text(as_json([verdict("one", ""), verdict("two", "db")]))
    (workspace / "b.json").write_text(as_json([verdict("one", "db"), verdict("two", "", drifted=True)]))
    done = cli("merge", "a.json", "b.json")
    assert done.status == 1
    assert done.out.splitlines() == [
        "one: 2 blocks as recorded, 0 drifted",
        "deck.md:4: echo one: it prints something else than was recorded",
        "    -one",
        "    +\\x1b[31mtwö",
        "two: 1 block as recorded, 1 drifted",
    ]


def test_a_shard_that_is_missing_is_told(cli: Cli, workspace: Path) -> None:
    (workspace / "a.json").write_text(as_json([verdict("one", ""), verdict("two", "db"), verdict("one", "db")]))
    done = cli("merge", "a.json")
    assert done.status == 2
    assert "two: not run: no shard brought its verdict" in done.out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "a.json: error: not a document of `castdeck verify --format json`"),
        (as_json([verdict("one", ""), verdict("one", "")]), "two verdicts of one: was a shard run twice?"),
        (as_json([verdict("../one", "")]), "a verdict of ../one, which is not a session of these decks"),
    ],
)
def test_results_that_do_not_fit(cli: Cli, workspace: Path, text: str, message: str) -> None:
    (workspace / "a.json").write_text(text)
    done = cli("merge", "a.json")
    assert done.status == 2
    assert message in done.err


def test_recordings_of_shards_are_put_together(cli: Cli, workspace: Path) -> None:
    record(workspace, "one", workspace / "shard-1")
    record(workspace, "two", workspace / "shard-2")
    (workspace / "shard-2/two/b-1.cast").write_text("damaged")
    done = cli("merge", "shard-1", "shard-2")
    assert done.status == 1
    assert done.err.splitlines() == [
        "one: 2 recordings taken, 0 missing",
        "two: 1 recording taken, 1 missing: b-1",
    ]
    assert sorted(path.name for path in (workspace / "recordings/one").iterdir()) == [
        "a-1.cast",
        "b-1.cast",
        "index.json",
    ]
    again = cli("plan", "one")
    assert "all recorded" in again.out and "to record" not in again.out
