"""What a deck is recorded with: its front matter comes before castdeck.toml, and that before what is usual."""

from pathlib import Path

import pytest

from castdeck.config import Config, TerminalSize
from castdeck.errors import WorkspaceError
from castdeck.record.settings import Settings, settings_of
from castdeck.workspace import Workspace
from tests.record.made import a_deck


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASTDECK_CACHE", str(tmp_path / "cache"))


def settings(front: str = "title: none", config: Config = Config(), root: Path | None = None) -> Settings:  # noqa: B008
    return settings_of(a_deck(f"---\n{front}\n---\n\n# A\n"), Workspace(root, config))


def test_what_is_usual(tmp_path: Path) -> None:
    usual = settings()
    assert (usual.definition.name, usual.shell.name, usual.has_internet) == ("docker", "bash", False)
    assert (usual.terminal.cols, usual.terminal.rows, usual.terminal.timeout) == (100, 24, 120)
    assert (usual.cache, usual.checkpoint_room) == (tmp_path / "cache", 10 << 30)


def test_castdeck_toml_changes_it_and_the_front_matter_comes_first() -> None:
    config = Config(
        default_machine="debian", shell="zsh", timeout=7, checkpoints=0.5, terminal=TerminalSize(cols=90, rows=30)
    )
    found = settings(config=config)
    assert (found.definition.name, found.shell.name, found.checkpoint_room) == ("debian", "zsh", 1 << 29)
    assert (found.terminal.cols, found.terminal.rows, found.terminal.timeout) == (90, 30, 7)
    deck = settings("machine: docker\nshell: fish", config)
    assert (deck.definition.name, deck.shell.name) == ("docker", "fish")


def test_another_shell_makes_other_recordings_on_the_same_machine() -> None:
    bash, fish = settings(), settings("shell: fish")
    name, _, digits = bash.machine.rpartition("-")
    assert fish.machine == f"{name}+fish-{digits}" and fish.definition == bash.definition


def test_another_shell_stands_in_the_name_of_a_machine_behind_all_of_it() -> None:
    config = Config(machine={"my-own-lab": {"from": "docker"}}, default_machine="my-own-lab", shell="zsh")
    assert settings(config=config).machine.startswith("my-own-lab+zsh-")


def test_a_machine_with_internet_says_so() -> None:
    config = Config(machine={"web": {"from": "docker", "network": "internet"}}, default_machine="web")
    assert settings(config=config).has_internet


def test_secrets_have_their_values_and_those_without_one_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "s3cr3t-value")
    found = settings("secrets: [TOKEN, NOBODY]", root=tmp_path)
    assert (dict(found.secrets), found.missing_secrets) == ({"TOKEN": "s3cr3t-value"}, ("NOBODY",))


@pytest.mark.parametrize(
    ("shell", "hint"),
    [
        ("fihs", "did you mean fish?"),
        ("tcl", "it can be bash, zsh, fish"),
        ("pwsh", "a bash block can run single commands: pwsh -Command '...'"),
    ],
)
def test_a_shell_that_castdeck_does_not_know_is_an_error_of_the_deck(shell: str, hint: str) -> None:
    with pytest.raises(WorkspaceError) as error:
        settings(f"shell: {shell}")
    problem = error.value.problem
    assert problem.message == f"shell: castdeck can't type into {shell!r}"
    assert (problem.hint, problem.path, problem.word) == (hint, Path("deck.md"), "shell:")
