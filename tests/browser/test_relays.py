"""A deck whose own scripts run, since its folder is trusted, still can't act through castdeck's pages around it.

Tried are the speaker's view, which castdeck's page opens and passes messages on to, and `castdeck present`.
"""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from castdeck.deck import parse_deck
from tests.browser.live import deck_frame, serving
from tests.browser.test_live_isolation import PIXEL
from tests.conftest import Cli

pytestmark = pytest.mark.browser
SELDOM = pytest.mark.slow(
    "builder/castdeck/present", "builder/castdeck/serve", "builder/castdeck/render", "tests/browser"
)
DECK = """# One {#one}

<script>window.ran = "mine";</script>

```bash
echo one
```

Note: <img src="x.png" onerror="window.ran = 'notes'"> Say hello.

---

# Two {#two}
"""
OPEN = "window.Reveal && Reveal.isReady()"
AS_DECK = """(messages) => {
  const { port1, port2 } = new MessageChannel();
  (opener ?? parent).postMessage({ castdeck: "deck" }, "*", [port2]);
  for (const message of messages) port1.postMessage(message);
}"""
ORDERS = [
    {"record": "one"},
    {"take": "one-1"},
    {"boxes": [{"block": "one-1"}]},
    {"at": 1},
    {"language": {"name": "other", "place": "#/two"}},
    {"shown": {"sections": [], "title": "mine", "shell": "", "styles": {}, "files": {}, "edits": 7}},
]
NO_MESSAGES: list[object] = [
    None,
    7,
    "text",
    [],
    {"now": None},
    {"now": 7},
    {"now": {"number": 1}},
    {"now": {"number": 1, "of": 1, "title": "", "next": "", "notes": 7, "commands": [], "isBlack": False}},
    {"now": {"number": 1, "of": 1, "title": "", "next": "", "notes": "", "commands": [{}], "isBlack": False}},
    {"place": "javascript:alert(1)"},
    {"place": "https://evil.example/"},
    {"place": 7},
    {"do": "next"},
    {"room": "other"},
    {"speaker": "yes"},
    {"take": 7},
]
REACH = """async (address) => {
  const socket = (path) => new Promise((done, failed) => {
    const opened = new WebSocket(address.replace("http", "ws") + path);
    opened.onopen = done;
    opened.onerror = failed;
  });
  const tries = {
    live: () => socket("live"),
    stage: () => socket("hub/stage"),
    remote: () => socket("hub/remote"),
    terminal: () => socket("terminal"),
    page: async () => (await fetch(address)).text(),
    phone: async () => (await fetch(address + "remote", { credentials: "include" })).text(),
    title: async () => (opener ?? parent).document.title,
    storage: async () => localStorage.getItem("x"),
    cookie: async () => document.cookie,
  };
  const got = [];
  for (const [name, attempt] of Object.entries(tries)) {
    try {
      await attempt();
      got.push(name);
    } catch {}
  }
  return got;
}"""


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Cli) -> Path:
    monkeypatch.setenv("CASTDECK_CONFIG", str(tmp_path / "config"))
    folder = tmp_path / "course"
    folder.mkdir()
    (folder / "deck.md").write_text(DECK)
    (folder / "x.png").write_bytes(base64.b64decode(PIXEL))
    assert parse_deck(DECK, folder / "deck.md").blocks[0].name == "one-1"
    assert cli("trust", "deck.md", "--yes", cwd=folder).status == 0
    return folder


@pytest.fixture
def preview(trusted: Path) -> Iterator[str]:
    with serving(trusted, "deck.md", "--port", "0") as address:
        yield address


@pytest.fixture
def classroom(trusted: Path) -> Iterator[str]:
    with serving(trusted, "deck.md", "--port", "0", verb="present") as address:
        yield address


def opened(chromium: Browser, address: str) -> tuple[Page, list[str]]:
    """Castdeck's page, and what it sends to castdeck from now on, as that comes."""
    page = chromium.new_context().new_page()
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda data: sent.append(str(data))))
    page.goto(address)
    deck_frame(page).wait_for_function(OPEN)
    assert deck_frame(page).evaluate("window.ran") == "mine"
    page.wait_for_timeout(300)  # what it says by itself at the beginning
    sent.clear()
    return page, sent


def settled(page: Page) -> None:
    """Messages that were posted have come."""
    page.evaluate("new Promise((done) => setTimeout(done, 200))")


@pytest.mark.parametrize("verb", ["preview", pytest.param("classroom", marks=SELDOM)])
def test_the_speaker_s_view_reaches_nothing_of_castdeck_s_page(
    chromium: Browser, verb: str, request: pytest.FixtureRequest
) -> None:
    address: str = request.getfixturevalue(verb)
    page, sent = opened(chromium, address)
    with page.expect_popup() as popup:
        page.keyboard.press("s")
    view = popup.value
    expect(view.locator(".number")).to_have_text("1 / 2")
    sent.clear()
    assert view.evaluate("origin") == "null"
    assert view.evaluate(REACH, address) == []
    view.evaluate(AS_DECK, [*ORDERS, *NO_MESSAGES])
    for text in (
        '{"castdeck": "deck"}',
        '{"castdeck": "copy"}',
        '"castdeck" but no JSON',
        '{"castdeck": "key", "keyCode": {}}',
    ):
        view.evaluate("(text) => opener.postMessage(text, '*')", text)
    view.evaluate("try { opener.location = 'https://evil.example/'; } catch {}")
    view.evaluate("try { opener.frames[0].location = 'https://evil.example/'; } catch {}")
    view.evaluate("try { opener.close(); } catch {}")
    settled(page)
    assert [said for said in sent if re.search("record|take|token|mine", said)] == []
    assert page.url.startswith(address) and not page.is_closed()
    assert deck_frame(page).evaluate(OPEN)
    page.context.close()


@pytest.mark.parametrize("verb", ["preview", "classroom"])
@SELDOM
def test_no_other_window_is_taken_for_the_speaker_s_view(
    chromium: Browser, verb: str, request: pytest.FixtureRequest
) -> None:
    page, _ = opened(chromium, request.getfixturevalue(verb))
    frame = deck_frame(page)
    with page.expect_popup() as popup:
        page.keyboard.press("Shift")  # what a page may open after
        frame.evaluate("window.open(location.href.split(/[?#]/)[0] + '?receiver', 'castdeck-speaker') && 0")
    other = popup.value
    other.wait_for_selector(".reveal.ready")
    assert other.evaluate("opener === null && parent === window")  # castdeck's page cuts it off
    page.context.close()


@pytest.mark.parametrize("verb", ["serve", pytest.param("present", marks=SELDOM)])
def test_without_a_key_nothing_is_opened_recorded_or_taken_over(chromium: Browser, verb: str, trusted: Path) -> None:
    orders = json.dumps(
        [*ORDERS[:2], ORDERS[3], {"speaker": True}, *NO_MESSAGES]
    )  # Playwright's own calls count as a key
    script = f"<script>for (const wait of [0, 1, 300]) setTimeout(() => ({AS_DECK})({orders}), wait);</script>"
    (trusted / "deck.md").write_text(f"{DECK}\n{script}\n")
    with serving(trusted, "deck.md", "--port", "0", verb=verb) as address:
        page = chromium.new_context().new_page()
        sent: list[str] = []
        page.on("websocket", lambda socket: socket.on("framesent", lambda data: sent.append(str(data))))
        page.goto(address)
        page.wait_for_timeout(2500)
        assert len(page.context.pages) == 1
        assert [said for said in sent if re.search("record|token|evil|number.:1,.of.:1,", said)] == []
        assert page.url.split("#")[0] == address
        assert deck_frame(page).evaluate("window.ran") == "mine"
        page.context.close()


def test_a_trusted_deck_under_present_reaches_nothing_of_the_room(chromium: Browser, classroom: str) -> None:
    page, _ = opened(chromium, classroom)
    frame = deck_frame(page)
    assert frame.evaluate("origin") == "null"
    assert frame.evaluate(REACH, classroom) == []
    frame.evaluate("try { top.location = 'https://evil.example/'; } catch {}")
    settled(page)
    assert page.url.startswith(classroom)
    page.context.close()


@SELDOM
def test_notes_of_a_trusted_deck_do_nothing_on_the_phone(chromium: Browser, classroom: str) -> None:
    wall, _ = opened(chromium, classroom)
    phone = wall.context.new_page()
    phone.goto(f"{classroom}remote")
    expect(phone.locator("#notes")).to_have_text("Say hello.")
    assert phone.locator("#notes img").count() == 0
    assert phone.evaluate("window.ran ?? null") is None
    wall.context.close()
