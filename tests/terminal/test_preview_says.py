"""What the preview says in its terminal: each problem of a deck once, whatever is saved after it."""

import json
import re
from pathlib import Path

import pytest
from websockets.sync.client import connect

from tests.terminal.conftest import Open

FINE = "# One\n"
MISSING = "# One\n\n![a plan](plan.png)\n"
TWO = f"{MISSING}\n![a map](map.png)\n"


@pytest.mark.parametrize("norun", ["", "\n```bash {.norun}\necho never\n```\n"])
def test_a_problem_is_said_once_when_a_deck_is_saved_with_it(place: Path, open_terminal: Open, norun: str) -> None:
    (place / "deck.md").write_text(FINE)
    terminal = open_terminal(100, 40)
    terminal.type("castdeck serve deck.md --port 0\r")
    terminal.wait_for_text("Ctrl-C ends the preview")
    found = re.search(r"http(://127\.0\.0\.1:\d+/)", "\n".join(terminal.lines()))
    assert found
    before = len(terminal.lines())
    with connect(f"ws{found[1]}live", origin=None, proxy=None) as page:
        page.send(json.dumps({"sections": [], "key": ""}))
        for text, word in [(MISSING, "plan.png"), (TWO, "map.png")]:
            (place / "deck.md").write_text(text + norun)
            terminal.wait_for_text(re.escape(word))
        (place / "deck.md").write_text(f"{TWO}{norun}\nAnd more text, then a third.\n\n![a face](face.png)\n")
        terminal.wait_for_text("face.png")
    said = [line for line in terminal.lines()[before:] if re.match(r"deck\.md:\d+: ", line)]
    assert [re.findall(r"\w+\.png", line) for line in said] == [["plan.png"], ["map.png"], ["face.png"]]
