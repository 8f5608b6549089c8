"""What a machine, a deck or another computer's result says does nothing in CI but be shown."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from castdeck.cli.console import problem_text, result
from castdeck.cli.reports import github, junit
from castdeck.codes import Code
from castdeck.problems import Place, Problem
from castdeck.record.drift import Drift
from castdeck.record.verdict import BlockVerdict, SessionVerdict, VerdictError, as_json, read_verdicts
from tests.conftest import Cli

COMMANDS = ["::stop-commands::x", "  ::add-mask::a", "\u00a0::error::no", "##[error]no", "a\n::warning::b"]


@pytest.mark.parametrize("printed", COMMANDS)
def test_no_line_is_a_workflow_command(
    printed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    problem = Problem(
        Code.COMMAND_FAILED, Place(Path("deck.md"), 1), "false: failed", f"its last lines:\n    {printed}"
    )
    result(f"deck.md:1: drifted\n    {printed}")
    for line in (*problem_text(problem).plain.splitlines(), *capsys.readouterr().out.splitlines()):
        assert not line.strip().startswith(("::", "##["))


def test_castdeck_s_own_are_and_elsewhere_nothing_changes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    result(github([verdict("x")]), has_commands=True)
    monkeypatch.delenv("GITHUB_ACTIONS")
    result("    ::error::x")
    assert capsys.readouterr().out.startswith("::error file=deck.md,line=1,") and "    ::error::x\n"


def verdict(printed: str) -> SessionVerdict:
    drift = Drift(1, printed, printed, (f" {printed}",))
    return SessionVerdict("a", "", (BlockVerdict("a-1", Path("deck.md"), 1, 1.0, (drift,)),), printed)


@pytest.mark.parametrize("printed", ["\x00\x1b[2J", "\ufffe\uffff", "\ud800", "]]></failure><x>&lt;", "\x85\u2028"])
def test_a_report_for_junit_can_be_read_whatever_was_printed(printed: str) -> None:
    suites = ElementTree.fromstring(junit([verdict(printed)]).encode(errors="strict"))
    assert len(suites) == 1


HOSTILE = [
    ('"line": 1,', '"line": 1e999,'),
    ('"line": 1,', '"line": NaN,'),
    ('"line": 1,', f'"line": {"9" * 5000},'),
    ('"x"', '"\\ud800"'),
    ('"seconds": 1.0', '"seconds": 1e999'),
    ('"seconds": 1.0', '"seconds": -1'),
    ('"drifts": [', '"drifts": [[], '),
    ('"version": 1', '"version": ' + "[" * 100_000),
]


@pytest.mark.parametrize(("right", "wrong"), HOSTILE, ids=[f"{wrong:.24}" for _, wrong in HOSTILE])
def test_a_result_of_another_computer_that_is_none_is_told(tmp_path: Path, cli: Cli, right: str, wrong: str) -> None:
    text = as_json([verdict("x")])
    assert right in text and read_verdicts(text)
    with pytest.raises(VerdictError):
        read_verdicts(text.replace(right, wrong))
    (tmp_path / "castdeck.toml").touch()
    (tmp_path / "slides/a").mkdir(parents=True)
    (tmp_path / "slides/a/deck.md").write_text("# A\n")
    (tmp_path / "shard.json").write_text(text.replace(right, wrong))
    done = cli("merge", "shard.json")
    assert done.status == 2 and "Traceback" not in done.err and "shard.json: error: not a document" in done.err
