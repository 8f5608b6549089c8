"""`castdeck present`: the page on the wall and the presenter's phone, which find each other again after a cut."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, WebSocketRoute, expect

from tests.browser.live import deck_frame, serving, write_cast
from tests.browser.seldom import CLASS
from tests.terminals.preview import allow_local

pytestmark = pytest.mark.browser

DECK = """---
lang: fr
---

# Premier

Note: Dites *bonjour* <a href="https://example.org">ici</a>.

--

Puis autre chose.

---

# Deuxième

```bash
echo un
echo deux
```

---

# Fin
"""
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "deck.md").write_text(DECK, encoding="utf-8")
    write_cast(tmp_path / "casts", "deuxieme-1", ("echo un", "un"), ("echo deux", "deux"))
    with serving(tmp_path, "deck.md", "--port", "0", "--recordings", tmp_path / "casts", verb="present") as found:
        yield found


@pytest.fixture
def pages(chromium: Browser, address: str) -> Iterator[tuple[Page, Page]]:
    """The wall and the phone; the test fails on any error in their consoles."""
    wrong: list[str] = []
    wall, phone = chromium.new_page(viewport={"width": 1280, "height": 720}), chromium.new_page(viewport=PHONE)
    for page in (wall, phone):
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
    wall.goto(address)
    deck_frame(wall).wait_for_selector(".reveal.ready")
    yield wall, phone
    wall.close()
    phone.close()
    assert wrong == []


def on_wall(page: Page, title: str) -> None:
    expect(page.frame_locator("iframe").locator(".slides section.present h1")).to_have_text(title)


def test_the_phone_shows_notes_and_moves_the_wall(pages: tuple[Page, Page], address: str) -> None:
    wall, phone = pages
    phone.goto(f"{address}remote")
    expect(phone.locator("#number")).to_have_text("1 / 3")
    expect(phone.locator("#notes em")).to_have_text("bonjour")
    expect(phone.locator("#notes p:not(.other)")).to_have_text("Dites bonjour ici.")
    expect(phone.locator("#notes p.other")).to_have_text("Puis autre chose.")
    assert phone.locator("#notes a").count() == 0
    expect(phone.locator("#next")).to_have_text("Deuxième")
    phone.get_by_role("button", name="Suite").click()
    on_wall(wall, "Deuxième")
    expect(phone.locator("#notes")).to_have_text("Pas de notes pour cette diapositive.")
    expect(phone.locator("#commands code")).to_have_text(["echo un", "echo deux"])
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    phone.get_by_role("button", name="Suite").click()
    expect(phone.locator("#commands li").first).to_have_class("done")
    expect(phone.locator("#running")).to_have_text(re.compile(r"0:\d\d"))
    assert wall.url.endswith("#/deuxieme/0")
    phone.get_by_role("button", name="Noir").click()
    expect(wall.frame_locator("iframe").locator(".reveal.paused")).to_be_attached()
    phone.get_by_role("button", name="Noir").click()
    phone.get_by_role("button", name="Retour").click()
    phone.get_by_role("button", name="Retour").click()
    on_wall(wall, "Premier")


@CLASS
def test_they_find_each_other_again_after_a_cut_and_a_reload(pages: tuple[Page, Page], address: str) -> None:
    wall, phone = pages
    lines: list[WebSocketRoute] = []

    def pass_on(line: WebSocketRoute) -> None:
        lines.append(line)
        line.connect_to_server()

    phone.route_web_socket(re.compile("/hub/"), pass_on)
    phone.goto(f"{address}remote")
    expect(phone.locator("#number")).to_have_text("1 / 3")
    lines[0].close()
    expect(phone.locator("#state")).to_be_hidden()
    phone.get_by_role("button", name="Suite").click()
    on_wall(wall, "Deuxième")
    assert len(lines) == 2
    wall.reload()
    deck_frame(wall).wait_for_selector(".reveal.ready")
    on_wall(wall, "Deuxième")
    expect(phone.locator("#state")).to_be_hidden()
    phone.get_by_role("button", name="Retour").click()
    on_wall(wall, "Premier")
    wall.goto("about:blank")
    expect(phone.locator("#state")).to_have_text("Le diaporama n'est pas ouvert à l'écran.")


@CLASS
def test_a_terminal_on_the_wall_is_taken_over(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASTDECK_CONFIG", str(tmp_path / "config"))
    allow_local(tmp_path)
    (tmp_path / "deck.md").write_text(DECK.replace("lang: fr", "machine: local"), encoding="utf-8")
    write_cast(tmp_path / "casts", "deuxieme-1", ("echo un", "un"), ("echo deux", "deux"))
    with serving(tmp_path, "deck.md", "--port", "0", "--recordings", tmp_path / "casts", verb="present") as address:
        wall = chromium.new_page(viewport={"width": 1280, "height": 720})
        wall.goto(f"{address}#/deuxieme")
        deck_frame(wall).wait_for_selector("#deuxieme .take", state="attached")
        wall.keyboard.press("y")
        wall.wait_for_selector('.live[data-state="running"]')
        wall.keyboard.type("echo $((40+2))\n")
        expect(wall.locator(".live .xterm-rows")).to_contain_text("42")
        wall.close()
