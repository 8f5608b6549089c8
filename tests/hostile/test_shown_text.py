"""Texts of a stranger's workspace that would act on a terminal are shown as what they are, whatever verb shows them."""

import json
from pathlib import Path

import pytest

from tests.conftest import Cli

ACTS = "\x1b]0;pwned\x07\x1b[31m\x9b31m\r\u202e\u2066\x7f\u2028"
SEEN = frozenset("\n\t")
VERBS = (
    ("build", "--no-record"),
    ("plan",),
    ("plan", "--json"),
    ("record", "--dry-run"),
    ("check", "--blocks"),
    ("themes",),
    ("machine", "list"),
    ("trust",),
    ("machine", "allow", "m"),
)
QUOTED = json.dumps(ACTS)  # as YAML and TOML take it
DECKS = {
    "title": f"---\ntitle: {QUOTED}\n---\n\n# A\n",
    "key": f"---\n{QUOTED}: 1\n---\n\n# A\n",
    "theme": f"---\ntheme: {QUOTED}\n---\n\n# A\n",
    "machine": f"---\nmachine: {QUOTED}\n---\n\n# A\n\n```bash\necho one\n```\n",
    "dialect": f"---\ndialect: {QUOTED}\n---\n\n# A\n",
    "secrets": f"---\nsecrets: [{QUOTED}]\n---\n\n# A\n\n```bash\necho one\n```\n",
    "heading": f"# A{ACTS} {{#a}}\n\n```bash {{session={ACTS} {ACTS}=1}}\necho {ACTS} <x{ACTS}>\n```\n",
    "link": f"# A\n\n![{ACTS}](x{ACTS}.png) [y](#/{ACTS})\n\ninclude: x{ACTS}.md\n",
    "script": f"# A\n\n<script>{ACTS}</script><img onerror='{ACTS}'><iframe src='https://a/{ACTS}'></iframe>\n",
    "plain": "# A\n\n```bash\necho one\n```\n",
}
TOMLS = {
    "name": f"[machine.{QUOTED}]\n",
    "kind": f"[machine.m]\nkind = {QUOTED}\n",
    "default": f"default_machine = {QUOTED}\n",
    "theme": f"theme = {QUOTED}\n",
    "key": f"{QUOTED} = 1\n",
    "ignore": f"ignore = [{QUOTED}]\n",
    "reset": f'[machine.m]\nkind = "ssh"\nhost = "h"\nreset = {QUOTED}\n',
    "host": f'[machine.m]\nkind = "ssh"\nhost = {QUOTED}\n',
    "hostname": f"[machine.m]\nhostname = {QUOTED}\n",
    "packages": f"[machine.m]\npackages = [{QUOTED}]\n",
    "file": f"[machine.m]\nfiles = {{{QUOTED} = {QUOTED}}}\n",
    "image": f"[machine.m]\nimage = {QUOTED}\n",
    "from": f"[machine.m]\nfrom = {QUOTED}\n",
    "none": "",
}


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CASTDECK_CONFIG", str(tmp_path / "config"))
    folder = tmp_path / "ws"
    (folder / "slides/a").mkdir(parents=True)
    (folder / "castdeck.toml").touch()
    return folder


@pytest.mark.parametrize(
    ("deck", "toml"), [*((name, "none") for name in DECKS), *(("plain", name) for name in TOMLS if name != "none")]
)
def test_nothing_acts_on_the_terminal(workspace: Path, cli: Cli, deck: str, toml: str) -> None:
    (workspace / "slides/a/deck.md").write_text(DECKS[deck])
    (workspace / "castdeck.toml").write_text(TOMLS[toml])
    for verb in VERBS:
        done = cli(*verb, cwd=workspace)
        acting = {one for one in done.out + done.err if not one.isprintable() and one not in SEEN}
        assert acting == set(), (verb, ascii(done.out + done.err))
        assert "Traceback" not in done.err


@pytest.mark.parametrize("name", ["b\x1b[31m\u202e", "b\r", "-x", "b\n# c"])
def test_a_folder_of_any_name_is_no_way_either(workspace: Path, cli: Cli, name: str) -> None:
    (workspace / "slides" / name).mkdir()
    (workspace / "slides" / name / "deck.md").write_text("# A\n\n![x](y.png)\n")
    (workspace / "slides/a/deck.md").write_text(DECKS["plain"])
    for verb in (*VERBS, ("build", ACTS), ("export", ACTS), ("machine", "allow", ACTS)):
        done = cli(*verb, cwd=workspace)
        assert {one for one in done.out + done.err if not one.isprintable() and one not in SEEN} == set(), verb
        assert "Traceback" not in done.err


def test_such_a_text_is_spelt_out(workspace: Path, cli: Cli) -> None:
    (workspace / "slides/a/deck.md").write_text(DECKS["dialect"])
    assert r"\x1b]0;pwned\x07" in cli("build", "--no-record", cwd=workspace).err
