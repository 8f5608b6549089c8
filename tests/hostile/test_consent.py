"""What somebody is asked to allow is shown as it is, and is no longer allowed once any of it has changed."""

from pathlib import Path

import pytest

from castdeck.errors import MachineError
from castdeck.machine.consent import allow, prepared
from castdeck.machine.kinds import find_definition
from castdeck.machine.protocol import Definition
from castdeck.problems import drawn, plain
from tests.conftest import Cli

TRICKS = {
    "make reset\u202e# gnp.x fr- mr": "\\u202e",
    "true\nrm -rf ~": "\\n",
    "true\rrm": "\\r",
    "true\x1b[2K\x1b[1A": "\\x1b",
    "true\u2028rm": "\\u2028",
    "true \u2066rm\u2069": "\\u2066",
    "true\u200brm": "\\u200b",
    "true\x00rm": "\\x00",
    "true\U000e0041rm": "\\U000e0041",
}


@pytest.mark.parametrize(("reset", "shown"), TRICKS.items(), ids=[repr(one) for one in TRICKS])
def test_every_character_of_a_command_is_seen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, reset: str, shown: str
) -> None:
    monkeypatch.setenv("CASTDECK_CONFIG", str(tmp_path / "config"))
    definition = find_definition("box", {"box": {"kind": "ssh", "host": "pi", "reset": reset}}, tmp_path)
    with pytest.raises(MachineError) as caught:
        prepared(definition, tmp_path, lambda step: None)
    message = caught.value.problem.message
    assert shown in message
    assert message.isprintable()


def test_allow_shows_it_so_too(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "castdeck.toml").write_text('[machine.box]\nkind = "ssh"\nhost = "pi"\nreset = "true\\u202e\\nrm"\n')
    done = cli("machine", "allow", "box", CASTDECK_CONFIG=str(tmp_path / "config"))
    said = done.out + done.err
    assert "true\\u202e\\nrm" in said
    assert "\u202e" not in said


def test_letters_of_all_scripts_stay_as_they_are() -> None:
    text = "make reset: שלום 你好 é"
    assert drawn(text) == plain(text) == text
    assert plain("one\ttwo\nthree") == "one\ttwo\nthree"
    assert plain("a\u202eb\x1b") == "a\\u202eb\\x1b"


def risk(folder: Path) -> Definition:
    return find_definition("box", {"box": {"kind": "ssh", "host": "pi", "config": "config"}}, folder)


def test_a_file_that_the_ssh_configuration_includes_is_part_of_what_was_allowed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CASTDECK_CONFIG", str(tmp_path / "allowed"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COURSE", str(tmp_path / "course"))
    (tmp_path / ".ssh").mkdir()
    (tmp_path / "course/conf.d").mkdir(parents=True)
    (tmp_path / "config").write_text(
        f'# a course\nHost pi\n  INCLUDE = "{tmp_path}/course/a file" other # and\nInclude ${{COURSE}}/conf.d/*.conf\n'
    )
    (tmp_path / "course/a file").write_text("include deeper ~/later\n")
    (tmp_path / ".ssh/deeper").write_text(f"Include {tmp_path}/config\n")  # round and round
    changes = [
        (tmp_path / "course/a file", "include deeper ~/later\nProxyCommand evil\n"),
        (tmp_path / ".ssh/deeper", "ProxyCommand evil\n"),
        (tmp_path / ".ssh/other", "ProxyCommand evil\n"),
        (tmp_path / "later", "ProxyCommand evil\n"),
        (tmp_path / "course/conf.d/x.conf", "ProxyCommand evil\n"),
    ]
    for file, text in changes:
        allow(risk(tmp_path))
        prepared(risk(tmp_path), tmp_path, lambda step: None)
        file.write_text(text)
        with pytest.raises(MachineError) as caught:
            prepared(risk(tmp_path), tmp_path, lambda step: None)
        assert str(file) in caught.value.problem.message


def test_a_configuration_that_is_none_ends_nothing(tmp_path: Path) -> None:
    assert str(tmp_path / "config") in risk(tmp_path).risk
    (tmp_path / "config").write_bytes(
        b"\xff\xfe\x00 include \xff\nInclude 'unclosed\nInclude \nInclude /dev/zero " + b"x" * 9000
    )
    assert risk(tmp_path).risk
