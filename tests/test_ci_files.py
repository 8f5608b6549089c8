"""The files for CI services: each can be parsed, and what it runs is castdeck as it is."""

import re
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from castdeck.cli import castdeck

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
    verb, *words = line.split()[1:]
    command = castdeck.get_command(click.Context(castdeck), verb)
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
