"""The files for CI services: each can be parsed, and what it runs passes on a course."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from castdeck.cli import castdeck
from tests.conftest import Cli

ROOT = Path(__file__).parents[1]
_EXAMPLES = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/scale.md").read_text(encoding="utf-8"), re.DOTALL)
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))


def scripts() -> list[str]:
    """Every line of shell in the action, the hook and the examples of the docs."""
    found = [step["run"] for step in ACTION["runs"]["steps"] if "run" in step]
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    (gitlab,) = (job for text in _EXAMPLES for job in yaml.safe_load(text).values() if "script" in job)
    return [*found, hook["entry"], *gitlab["before_script"], *gitlab["script"]]


@pytest.mark.parametrize("script", scripts())
def test_shell_parses(script: str) -> None:
    subprocess.run(["bash", "-n"], input=script, text=True, check=True)


@pytest.mark.parametrize(
    "line",
    [line.strip() for script in scripts() for line in script.splitlines() if line.strip().startswith("castdeck ")],
)
def test_each_castdeck_command_takes_its_options(line: str) -> None:
    words = line.split()[1:]
    command: click.Command | None = castdeck
    while isinstance(command, click.Group):
        command = command.get_command(click.Context(command), words.pop(0))
    assert command is not None
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


def test_the_action_of_the_docs_has_the_inputs_that_it_is_given() -> None:
    (workflow,) = (yaml.safe_load(text) for text in _EXAMPLES if "uses: castdeck" in text)
    (step,) = (step for step in workflow["jobs"]["decks"]["steps"] if step["uses"].startswith("castdeck/"))
    assert step["with"].keys() <= ACTION["inputs"].keys()


def test_the_hook_of_the_docs_is_there() -> None:
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    (config,) = (yaml.safe_load(text) for text in _EXAMPLES if "repos:" in text)
    assert {hook["id"] for repo in config["repos"] for hook in repo["hooks"]} <= hooks


@pytest.fixture
def course(tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace as CI checks it out: a deck with its recording, in the local machine's sandbox."""
    if not shutil.which("bwrap"):
        pytest.skip("the local machine needs bubblewrap")
    monkeypatch.setenv("CASTDECK_CONFIG", str(tmp_path / "config"))
    folder = tmp_path / "course"
    (folder / "slides/one").mkdir(parents=True)
    (folder / "castdeck.toml").write_text('default_machine = "local"\n')
    (folder / "slides/one/deck.md").write_text("# One {#one}\n\n```bash\necho one\n```\n")
    for arguments in (("machine", "allow", "local", "--yes"), ("record", "one")):
        done = cli(*arguments, cwd=folder)
        assert done.status == 0, done.err
    return folder


@pytest.mark.slow(
    ".pre-commit-hooks.yaml", "action.yml", "builder/castdeck/cli", "docs/scale.md", "tests/test_ci_files.py"
)
@pytest.mark.timeout(400)
def test_what_the_files_run_passes_on_a_course(course: Path) -> None:
    """Installing is left out: it would change this computer."""
    given = {"DECKS": "", "SHARD": "1/1", "CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "1"}
    given |= {"RUNNER_TEMP": str(course), "CASTDECK_CACHE": str(course / "cache")}
    environment = {**os.environ, **given, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    for script in scripts():
        for line in (line.strip() for line in script.splitlines() if line.strip().startswith("castdeck ")):
            done = subprocess.run(
                ["bash", "-ec", line], cwd=course, env=environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    assert (course / "public/one/index.html").exists()
    assert list(course.glob("verdicts-1.*"))
