"""The main job, whole: markdown in, a real machine, a real cast, played in a real browser."""

from pathlib import Path

import pytest

from castdeck.cast.model import parse_cast
from castdeck.cast.screen import last_screen
from tests.browser.conftest import Open
from tests.browser.test_deck import go_to, shown_text, wait_for_state
from tests.conftest import Cli

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
WORKSPACE = Path(__file__).parents[2]


@pytest.mark.vm
def test_a_block_is_recorded_in_a_machine_and_plays_to_its_last_line(cli: Cli, tmp_path: Path, open_page: Open) -> None:
    (tmp_path / "deck.md").write_text("# Bonjour {#a}\n\n```bash\nuname -s # été\necho fin-$((40 + 2))\n```\n")
    done = cli("build", "deck.md", "--out", tmp_path / "out", "--recordings", tmp_path / "casts")
    assert done.status == 0, done.err
    page = open_page(tmp_path / "out" / "index.html")
    go_to(page, "a")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    wait_for_state(page, "a-1", "ended")
    assert "fin-42" in shown_text(page, "a-1")


def test_the_docker_deck_plays_its_committed_recordings(cli: Cli, tmp_path: Path, open_page: Open) -> None:
    deck = WORKSPACE / "slides/docker/deck.md"
    done = cli("build", deck, "--no-record", "--out", tmp_path / "out")
    assert done.status == 0, done.err
    page = open_page(tmp_path / "out" / "index.html")
    assert page.locator("section[id]").count() >= 20
    assert page.locator(".missing-image, .badge").count() == 0
    cast = parse_cast((WORKSPACE / "recordings/docker/logs-1.cast").read_text(encoding="utf-8"))
    last = [line for line in last_screen(cast) if line.strip()][-2]
    go_to(page, "logs")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    wait_for_state(page, "logs-1", "ended")
    assert last in shown_text(page, "logs-1")
