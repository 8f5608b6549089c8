"""castdeck.toml: every wrong setting is told with its line and what to write instead."""

import tomllib
from pathlib import Path

import msgspec
import pytest

from castdeck.cast.perform import PACE_SETTINGS
from castdeck.codes import Code
from castdeck.config import Config, PaceSettings, TerminalSize, read_config
from castdeck.settings_file import SettingsError, line_of


def read(folder: Path, text: str | bytes) -> Config:
    path = folder / "castdeck.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_config(path)


def told(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(SettingsError) as wrong:
        read(folder, text)
    return [str(problem).replace(f"{folder}/", "").replace("\n ", "") for problem in wrong.value.problems]


def test_an_empty_file_has_the_defaults(tmp_path: Path) -> None:
    config = read(tmp_path, "")
    assert config == Config()
    assert (config.timeout, config.terminal, config.checkpoints) == (120, TerminalSize(cols=100, rows=24), 10)


def test_settings_are_read_into_values(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        "timeout = 5\nignore = ['synopsis']\nsecrets = ['A']\n[terminal]\ncols = 80\n[pace]\nidle = 1\n"
        "[machine.my-own]\nfrom = 'docker'\n[[verify.rules]]\nmatch = 'a'\nwith = 'b'\n",
    )
    assert (config.timeout, config.secrets) == (5.0, ("A",))
    assert config.ignore == {Code.SYNOPSIS}
    assert (config.terminal, config.pace.given()) == (TerminalSize(cols=80), {"idle": 1.0})
    assert config.machine == {"my-own": {"from": "docker"}}
    assert [(rule.match, rule.with_) for rule in config.verify.rules] == [("a", "b")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\ntimout = 5", "2: error: unknown setting 'timout' did you mean timeout?"),
        ("default-machine = 'a'", "1: error: unknown setting 'default-machine' did you mean default_machine?"),
        (
            "[terminal]\ncols = 80\ntimeout = 5",
            "3: error: unknown setting 'terminal.timeout' "
            "timeout stands at the top of the file, above the first [table]",
        ),
        ("cols = 80", "1: error: unknown setting 'cols' cols stands under [terminal]"),
        ("terminal.colls = 80", "1: error: unknown setting 'terminal.colls' did you mean cols?"),
        ("[pace]\nidel = 1", "2: error: unknown setting 'pace.idel' did you mean idle?"),
        ("timeout = 'long'", "1: error: timeout = 'long': expected `float`, got `str`"),
        ("timeout = true", "1: error: timeout = True: expected `float`, got `bool`"),
        ("timeout = 0", "1: error: timeout = 0: expected `float` > 0.0"),
        ("timeout = inf", "1: error: timeout = inf: expected `float` <= 1000000.0"),
        ("timeout = nan", "1: error: timeout = nan: expected `float` > 0.0"),
        ("[pace]\nidle = nan", "2: error: pace.idle = nan: expected `float` >= 0.0"),
        ("checkpoints = -1", "1: error: checkpoints = -1: expected `float` >= 0.0"),
        ("[terminal]\nrows = 1.5", "2: error: terminal.rows = 1.5: expected `int`, got `float`"),
        ("[terminal]\ncols = 100000", "2: error: terminal.cols = 100000: expected `int` <= 1000"),
        ("terminal = 3", "1: error: terminal = 3: expected `object`, got `int`"),
        ("machine = 3", "1: error: machine = 3: expected `object`, got `int`"),
        ("ignore = ['mising-image']", "1: error: ignore: unknown 'mising-image' did you mean missing-image?"),
        ("ignore = 'synopsis'", "1: error: ignore = 'synopsis': expected `array`, got `str`"),
        ("[[verify.rules]]\nmatch = 'a'", "1: error: verify.rules = [{'match': 'a'}]: object missing"),
        ("verify = 1", "1: error: verify = 1: expected `object`, got `int`"),
        ("[verify]\nrules = ['a']", "2: error: verify.rules = ['a']: expected `object`, got `str`"),
        ("x = [", "1: error: not valid TOML: Invalid value"),
        (b"theme = '\xe9'", "1: error: not UTF-8 text save the file as UTF-8"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str | bytes, message: str) -> None:
    (found,) = told(tmp_path, text)
    assert found.startswith(f"castdeck.toml:{message}")


def test_everything_wrong_is_told_at_once_by_line(tmp_path: Path) -> None:
    assert [line[:16] for line in told(tmp_path, "timout = 1\n[terminal]\ncols = 'x'\nrow = 3\n")] == [
        "castdeck.toml:1:",
        "castdeck.toml:3:",
        "castdeck.toml:4:",
    ]


def test_a_line_is_found_by_its_keys() -> None:
    text = "a = 1\n[b.'c d']\nx.y = 2 # b = 3\n[[e]]\nf = { g = 1 }\n"
    assert [line_of(keys, text) for keys in [("a",), ("b", "c d", "x", "y"), ("e", "f", "g"), ("b", "c d", "z")]] == [
        1, 3, 5, 2,
    ]  # fmt: skip
    assert line_of(("nowhere",), text) is None


def test_the_example_in_the_docs_has_every_setting(tmp_path: Path) -> None:
    docs = (Path(__file__).parents[1] / "docs/settings.md").read_text(encoding="utf-8")
    example = docs.split("```toml\n")[1].split("```")[0]
    read(tmp_path, example)
    assert set(tomllib.loads(example)) == {field.encode_name for field in msgspec.structs.fields(Config)}


def test_every_setting_of_the_pace_can_stand_in_castdeck_toml() -> None:
    assert set(PaceSettings.__struct_fields__) == set(PACE_SETTINGS)
