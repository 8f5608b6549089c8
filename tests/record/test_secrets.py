"""Secrets are known to blocks and to nobody else."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from castdeck.cast.marks import RecordedCommand, RecordedSession
from castdeck.cast.model import Event
from castdeck.config import Config
from castdeck.errors import CastdeckError, WorkspaceError
from castdeck.gate import MOST_SETTINGS
from castdeck.record.kept import cast_of, entry_of
from castdeck.record.languages.shells import SESSION_SHELLS
from castdeck.record.order import Order
from castdeck.record.redact import MASK
from castdeck.record.run import Run
from castdeck.record.script import CommandFailed
from castdeck.record.secrets import exports, find_secrets, masked, what_leaks, without_secrets
from castdeck.record.store import Recordings
from castdeck.workspace import Workspace
from tests.record.made import a_block, a_deck, ran, some_settings

VALUE = "s3cr3t-v@lue"
SECRETS = {"TOKEN": VALUE}


def shown(*parts: str) -> RecordedSession:
    output = tuple(Event(float(number), "o", part) for number, part in enumerate(parts))
    return RecordedSession((RecordedCommand("$ ", ("env\r\n",), output, 9.0, 0),), "$ ")


def text_of(session: RecordedSession) -> str:
    return "".join(event.data for command in session.commands for event in command.output)


@pytest.mark.parametrize("cut", range(1, len(VALUE)))
def test_a_value_is_masked_wherever_the_recorder_cut_it(cut: int) -> None:
    session = masked(shown(f"a {VALUE[:cut]}", f"{VALUE[cut:]} b"), SECRETS)
    assert text_of(session) == f"a {MASK} b"
    assert [event.time for event in session.commands[0].output] == [0.0, 1.0]


def test_a_value_is_masked_in_base64_in_a_url_and_where_it_is_typed() -> None:
    assert text_of(masked(shown("czNjcjN0LXZAbHVl s3cr3t-v%40lue"), SECRETS)) == f"{MASK} {MASK}"
    session = masked(RecordedSession((RecordedCommand("$ ", (f"login {VALUE}\r\n",), (), 1.0, 0),), "$ "), SECRETS)
    assert session.commands[0].typed == (f"login {MASK}\r\n",)


def test_a_value_that_is_wrapped_or_coloured_is_refused() -> None:
    for text in ("s3cr3t\r\n-v@lue", "s3cr3t\x1b[1m-v@lue"):
        assert what_leaks(shown(text).commands[0], SECRETS) == "the value of TOKEN"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("AKIAIOSFODNN7EXAMPLE", "an AWS access key"),
        ("ghp_" + "a1B2" * 9, "a GitHub token"),
        ("glpat-" + "a1B2" * 5, "a GitLab token"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----", "a private key"),
        ("eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.SflKxwRJSMeKKF2Q", "a JSON web token"),
        ("AKIAIOSF\r\nODNN7EXAMPLE", "an AWS access key"),
        ("sha256:9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0", ""),
        ("-----BEGIN PUBLIC KEY-----", ""),
    ],
)
def test_what_is_shaped_like_a_key_is_found(text: str, what: str) -> None:
    assert what_leaks(shown(text).commands[0], {}) == what


def test_a_cast_that_would_show_a_key_is_refused_with_the_line(tmp_path: Path) -> None:
    block = a_block("echo fine\ncat key\necho also fine")
    session = ran(block)
    leaking = replace(session.commands[1], output=(Event(0.1, "o", "AKIAIOSFODNN7EXAMPLE\r\n"),))
    run = Run(replace(session, commands=(session.commands[0], leaking, session.commands[2])), 1.0)
    with pytest.raises(CommandFailed, match="not kept: the recording would show an AWS access key") as failure:
        cast_of(run, block, some_settings(tmp_path))
    assert failure.value.line.line == 5
    assert "mark the block .shows-secrets" in failure.value.hint
    assert cast_of(run, a_block("a\nb\nc", "bash {.shows-secrets}"), some_settings(tmp_path))


def test_nothing_that_is_kept_holds_the_value(tmp_path: Path) -> None:
    block = a_block(f"login {VALUE}")
    order = Order(a_deck("# A\n\n```bash\nx\n```\n"), Recordings(tmp_path), some_settings(tmp_path, SECRETS))
    run = Run(ran(block, f"welcome {VALUE}\r\n"), 1.0)
    (planned,) = order.plan().blocks
    entry = entry_of(run, planned, order.settings)
    order.recordings.keep("a-1", entry, cast_of(run, block, order.settings))
    assert entry.seconds == 0.5
    for path in tmp_path.iterdir():
        assert "s3cr3t" not in path.read_text(encoding="utf-8")


def test_an_error_does_not_tell_either() -> None:
    assert without_secrets(f"last line: {VALUE} czNjcjN0LXZAbHVl", SECRETS) == f"last line: {MASK} {MASK}"


def secrets_of(root: Path, text: str = "secrets: [TOKEN]", secrets: tuple[str, ...] = ()) -> dict[str, str]:
    return find_secrets(a_deck(f"---\n{text}\n---\n\n# A\n"), Workspace(root, Config(secrets=secrets)))


def test_values_come_from_a_file_and_the_environment_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("# mine\nexport TOKEN='a b c d'  # note\nOTHER=123456\n\nEMPTY=\n")
    assert secrets_of(tmp_path, secrets=("OTHER", "EMPTY", "NOBODY")) == {
        "TOKEN": "a b c d",
        "OTHER": "123456",
        "EMPTY": "",
        "NOBODY": "",
    }
    monkeypatch.setenv("TOKEN", "from outside")
    assert secrets_of(tmp_path)["TOKEN"] == "from outside"


def test_only_what_the_deck_names_is_known(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TOKEN=123456\n")
    assert secrets_of(tmp_path, "title: none") == {}


@pytest.mark.parametrize(
    ("env", "text", "message"),
    [
        ("TOKEN", "secrets: [TOKEN]", r"\.env:1: error: not NAME=value\n  quote a value that contains spaces"),
        ("A=1\nTOKEN=a b", "secrets: [TOKEN]", r"\.env:2: error: not NAME=value"),
        ("TOKEN='a", "secrets: [TOKEN]", r"\.env:1: error: not NAME=value"),
        ("TOKEN=short", "secrets: [TOKEN]", "the secret TOKEN can't be hidden in casts: it needs 6 characters"),
        ("", "secrets: {a: b}", "secrets is a list of names of variables"),
        ("", "secrets: [a-b]", "secrets is a list of names of variables"),
    ],
)
def test_what_can_not_be_a_secret_is_a_usage_error(tmp_path: Path, env: str, text: str, message: str) -> None:
    (tmp_path / ".env").write_text(env)
    with pytest.raises(WorkspaceError, match=message):
        secrets_of(tmp_path, text)


def test_a_file_that_git_keeps_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TOKEN=123456\n")
    for arguments in (["init", "-q"], ["add", ".env"]):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True)
    with pytest.raises(WorkspaceError, match="this file is in git, so its values are not secret\n  git rm --cached"):
        secrets_of(tmp_path)


def test_a_file_that_git_does_not_keep_is_read_in_a_repository_a_worktree_and_outside_of_any(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree/.env").write_text("TOKEN=123456\n")
    assert secrets_of(tmp_path / "tree") == {"TOKEN": "123456"}
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    assert secrets_of(tmp_path / "tree") == {"TOKEN": "123456"}
    (tmp_path / "tree/other").touch()
    subprocess.run(["git", "add", "tree/other"], cwd=tmp_path, check=True)
    assert secrets_of(tmp_path / "tree") == {"TOKEN": "123456"}
    subprocess.run(["git", "init", "-q", "--separate-git-dir", "kept-elsewhere"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "tree/.env"], cwd=tmp_path, check=True)
    with pytest.raises(WorkspaceError, match="this file is in git"):
        secrets_of(tmp_path / "tree")


def test_an_index_that_can_t_be_read_is_an_error_with_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("TOKEN=123456\n")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/index").write_bytes(b"DIRC\0\0\0\x63")
    with pytest.raises(WorkspaceError, match="git's index can't be read: .*\n  git status tells more") as error:
        secrets_of(tmp_path)
    assert error.value.problem.path == tmp_path / ".git/index"
    monkeypatch.setattr("castdeck.record.secrets._MOST_INDEX", 5)
    with pytest.raises(WorkspaceError, match="error: git's index is too large to be read") as error:
        secrets_of(tmp_path)
    assert error.value.problem.path == tmp_path / ".git/index"


@pytest.mark.parametrize(
    ("content", "message"), [(b"TOKEN=caf\xe9\n", "not UTF-8 text"), (b"#" * (MOST_SETTINGS + 1), r"\.env ")]
)
def test_a_file_that_can_t_be_read_is_an_error_with_its_path(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / ".env").write_bytes(content)
    with pytest.raises(CastdeckError, match=message) as error:
        secrets_of(tmp_path)
    assert error.value.problem.path == tmp_path / ".env"


@pytest.mark.parametrize("shell", list(SESSION_SHELLS))
def test_a_value_reaches_the_shell_as_it_is(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    value = "a'b\"c $HOME `x` \\ \\\\' é"
    script = f'{exports({"TOKEN": value}, SESSION_SHELLS[shell].export)}printf %s "$TOKEN"'
    assert subprocess.run([shell, "-c", script], capture_output=True, text=True, check=True).stdout == value
