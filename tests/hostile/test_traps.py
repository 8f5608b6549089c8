"""Nothing that lies in a workspace runs on this computer, whatever its name is."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from castdeck.host import leave_out

MODULES = (
    "sitecustomize", "usercustomize", "multiprocessing", "json", "rich", "jinja2", "yaml", "click", "pexpect",
    "asciinema", "re2", "dulwich", "castdeck", "encodings", "distutils", "readline", "platform",
)  # fmt: skip
PROGRAMS = (
    "git", "node", "npm", "python", "python3", "asciinema", "qemu-system-x86_64", "qemu-img", "zstd", "chromium",
    "chromium-headless-shell", "google-chrome", "bwrap", "setpriv", "prlimit", "ssh", "ip", "uname", "mmdebstrap",
    "apt-config", "bash", "sh",
)  # fmt: skip
SCRIPTS = (".bashrc", ".profile", ".bash_profile", ".inputrc", ".env.sh")
DECK = "---\nsecrets: [X]\n---\n\n# A {#a}\n\n```bash\necho $X\n```\n"
VERBS = (
    ["build", "--no-record", "a"],
    ["check", "a"],
    ["record", "--dry-run", "a"],
)
OTHER_VERBS = (
    ["export", "a", "--single-file", "--zip", "--handout"],
    ["machine", "list"],
    ["new", "--theme", "mine"],
    ["--help"],
)
SELDOM = pytest.mark.slow("builder/castdeck", "tests/hostile")


@pytest.fixture
def traps(tmp_path: Path) -> Path:
    """A workspace in which all that could be run by mistake leaves its name in the file `sprung` beside it."""
    workspace, sprung = tmp_path / "ws", tmp_path / "sprung"
    (workspace / "slides/a").mkdir(parents=True)
    (workspace / "slides/a/deck.md").write_text(DECK)
    (workspace / "castdeck.toml").touch()
    (workspace / ".env").write_text("X=abcdefgh\n")
    for folder in (workspace, workspace / "slides/a", workspace / "bin"):
        folder.mkdir(exist_ok=True)
        for name in MODULES:
            (folder / f"{name}.py").write_text(f"open({str(sprung)!r}, 'a').write('{name}.py\\n')\n")
        for name in (*PROGRAMS, *SCRIPTS):
            (folder / name).write_text(f"#!/bin/sh\necho {name} >>{sprung}\n")
            (folder / name).chmod(0o755)
        (folder / ".npmrc").write_text(f"node-options=--require={workspace}/evil.js\n")
    config = (
        f"[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n\tfsmonitor = echo git >>{sprung}\n"
    )
    for git in (workspace, workspace / ".git"):
        for name in ("objects", "refs", "hooks"):
            (git / name).mkdir(parents=True, exist_ok=True)
        (git / "HEAD").write_text("ref: refs/heads/main\n")
        (git / "config").write_text(config)
    return workspace


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The user's environment at its most careless: the current folder comes first, and so does one of the workspace."""
    path = f":.:bin:{tmp_path}/ws/bin:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "CASTDECK_CACHE": str(tmp_path / "cache"), "HOME": str(tmp_path / "home")}


@pytest.mark.parametrize(
    "verb", [*VERBS, *(pytest.param(verb, marks=SELDOM) for verb in OTHER_VERBS)], ids=lambda verb: verb[0]
)
def test_no_verb_runs_what_lies_in_the_workspace(
    traps: Path, environment: dict[str, str], tmp_path: Path, verb: list[str]
) -> None:
    for folder in (traps, traps / "slides/a"):
        subprocess.run([sys.executable, "-P", "-m", "castdeck", *verb], cwd=folder, env=environment, check=False)
    assert not (tmp_path / "sprung").exists(), (tmp_path / "sprung").read_text()


def test_the_preview_runs_nothing_of_it_either(traps: Path, environment: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "castdeck", "serve", "a", "--port", "0"]
    with subprocess.Popen(command, cwd=traps, env=environment, stdout=subprocess.PIPE, text=True) as serving:
        assert serving.stdout
        address = re.match(r"http://\S+", serving.stdout.readline())
        assert address
        with urllib.request.urlopen(address[0]) as page:
            assert page.status == 200
        serving.send_signal(signal.SIGINT)
    assert not (tmp_path / "sprung").exists(), (tmp_path / "sprung").read_text()


def test_no_program_of_the_repository_around_the_workspace_is_run(tmp_path: Path) -> None:
    """What was cloned is the repository, also where castdeck.toml lies in a folder of it."""
    repository, elsewhere = tmp_path / "course", tmp_path / "bin"
    (repository / ".git").mkdir(parents=True)
    (repository / "slides").mkdir()
    (repository / "slides/castdeck.toml").touch()
    environment = {"PATH": f"{repository}/node_modules/.bin:{elsewhere}", "PYTHONPATH": f"{repository}/lib"}
    modules = [str(repository / "lib"), str(elsewhere)]
    leave_out(repository / "slides", environment, modules)
    assert (environment["PATH"], environment.get("PYTHONPATH"), modules) == (str(elsewhere), None, [str(elsewhere)])


def test_no_library_or_module_of_the_workspace_is_found_by_a_child(tmp_path: Path) -> None:
    """An empty entry, as in LD_LIBRARY_PATH=/opt/lib:, is the current folder."""
    for name in ("PYTHONPATH", "LD_LIBRARY_PATH", "NODE_PATH"):
        environment = {name: f"/opt/lib:{tmp_path}/lib:lib:"}
        leave_out(tmp_path, environment, [])
        assert environment[name] == "/opt/lib"
        environment[name] = f":{tmp_path}"
        leave_out(tmp_path, environment, [])
        assert name not in environment


def test_programs_of_a_home_that_is_a_git_repository_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".git").mkdir()
    (tmp_path / "talk").mkdir()
    environment = {"PATH": f"{tmp_path}/.local/bin"}
    leave_out(tmp_path / "talk", environment, [])
    assert environment["PATH"] == f"{tmp_path}/.local/bin"


def test_what_was_allowed_is_never_looked_up_in_the_workspace(traps: Path, environment: dict[str, str]) -> None:
    """`XDG_CONFIG_HOME=mine` would let a workspace bring the user's permission along."""
    (traps / "slides/a/deck.md").write_text("# A {#a}\n\n<script>1</script>\n")
    environment |= {"XDG_CONFIG_HOME": "mine", "XDG_CACHE_HOME": "mine", "XDG_RUNTIME_DIR": "."}
    command = [sys.executable, "-P", "-m", "castdeck", "trust", "--yes"]
    subprocess.run(command, cwd=traps, env=environment, check=True)
    assert not (traps / "mine").exists()
