"""A live terminal whose connection or server is lost, and what a phone and programs of the whole screen do with it."""

import re
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.live import deck_frame, serving, write_cast
from tests.browser.seldom import TERMINALS
from tests.terminals.preview import allow_local

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
_DECK = "---\nmachine: local\n---\n# One {#one}\n\n```bash\necho hello\n```\n"
_ROWS = ".live .xterm-rows"


class Cable:
    """Carries connections to a server, until it is cut."""

    def __init__(self, port: int) -> None:
        self.port, self._to = 0, port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._is_cut = False
        self._carrying: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def lead_to(self, port: int) -> None:
        self._to = port

    def cut(self) -> None:
        """All connections end, and new ones, too."""
        self._is_cut = True
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self._is_cut = False

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self.cut()
        for thread in self._carrying:
            thread.join()
        for one in (self._listener, *self._open):
            one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._listener.accept()
                if self._is_cut:
                    here.close()
                    continue
                try:
                    there = socket.create_connection(("127.0.0.1", self._to))
                except OSError:
                    here.close()
                    continue
                self._open += [here, there]
                for one, other in ((here, there), (there, here)):
                    self._carrying.append(threading.Thread(target=_carry, args=(one, other), daemon=True))
                    self._carrying[-1].start()


def _carry(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
    for end in (one, other):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    expect.set_options(timeout=30_000)
    monkeypatch.setenv("CASTDECK_CONFIG", str(tmp_path / "config"))
    allow_local(tmp_path)
    write_cast(tmp_path / "casts", "one-1", ("echo hello", "hello"))
    (tmp_path / "deck.md").write_text(_DECK)
    return tmp_path


@contextmanager
def _served(folder: Path) -> Iterator[int]:
    with serving(folder, "deck.md", "--port", "0", "--recordings", "casts") as address:
        yield urlsplit(address).port or 80


def _taken_over(page: Page, port: int) -> Page:
    page.goto(f"http://127.0.0.1:{port}/")
    deck_frame(page).wait_for_selector("#one .take", state="attached")
    page.keyboard.press("y")
    page.wait_for_selector('.live[data-state="running"]')
    return page


def _types(page: Page, line: str, shows: str) -> None:
    page.keyboard.type(f"{line}\n")
    expect(page.locator(_ROWS)).to_contain_text(shows)


def test_after_a_cut_the_terminal_goes_on_where_it_was(chromium: Browser, folder: Path) -> None:
    with _served(folder) as port, closing(Cable(port)) as cable, closing(chromium.new_page()) as page:
        _taken_over(page, cable.port)
        _types(page, "WORD=kept; (sleep 1; echo la''ter) & echo be''fore", "before")
        cable.cut()
        expect(page.locator(".live-bar")).to_contain_text("connecting again")
        cable.mend()
        expect(page.locator(_ROWS)).to_contain_text("later")
        _types(page, "echo $WORD-after", "kept-after")
        assert page.locator(_ROWS).inner_text().count("before\n") == 1


@TERMINALS
def test_a_server_that_is_started_anew_is_told(chromium: Browser, folder: Path) -> None:
    with closing(chromium.new_page()) as page, _served(folder) as first, closing(Cable(first)) as cable:
        _taken_over(page, cable.port)
        with _served(folder) as second:
            cable.lead_to(second)
            cable.cut()
            cable.mend()
            expect(page.locator(".live-bar")).to_contain_text("started anew")
            page.reload()
            _taken_over(page, cable.port)
            _types(page, "echo aga''in", "again")


@TERMINALS
def test_what_was_answered_to_a_program_is_not_answered_again(chromium: Browser, folder: Path) -> None:
    with _served(folder) as port, closing(chromium.new_page()) as page:
        _taken_over(page, port)
        _types(page, r"printf '\033[6n'; read -rsdR place; echo got${place:+-it}", "got-it")
        page.reload()
        page.wait_for_selector('.live[data-state="running"]')
        expect(page.locator(_ROWS)).to_contain_text("got-it")
        page.click(".live .xterm")
        _types(page, "echo cle''an", "clean")
        assert "[" not in page.locator(_ROWS).inner_text().partition("got-it")[2]


def test_a_phone_has_the_keys_that_its_keyboard_has_not(chromium: Browser, folder: Path) -> None:
    phone = ViewportSize(width=412, height=915)
    with _served(folder) as port, closing(chromium.new_context(viewport=phone, has_touch=True, is_mobile=True)) as own:
        page = own.new_page()
        page.goto(f"http://127.0.0.1:{port}/")
        frame = deck_frame(page)
        frame.wait_for_selector("#one .take", state="attached")
        frame.evaluate("document.querySelector('#one .take').click()")
        page.keyboard.press("y")
        page.wait_for_selector('.live[data-state="running"]')
        _types(page, "echo on''ce", "once")
        page.keyboard.type("sleep 1000\n")
        page.tap(".live-keys >> text=Ctrl")
        page.keyboard.type("c")
        expect(page.locator(_ROWS)).to_contain_text("^C")
        _types(page, "touch a-long-name", "touch a-long-name")
        page.keyboard.type("ls a-lo")
        page.tap(".live-keys >> text=Tab")
        page.keyboard.type("\n")
        expect(page.locator(_ROWS)).to_contain_text("ls a-long-name")
        page.tap(".live-keys >> text=↑")
        page.tap(".live-keys >> text=↑")
        again = re.compile(r"a-long-name\s+student@\S+ touch\s+a\s*-long-name")  # on two rows of a narrow phone
        expect(page.locator(_ROWS)).to_contain_text(again, use_inner_text=True)
        page.tap(".live-keys >> text=Esc")


@TERMINALS
@pytest.mark.skipif(shutil.which("vi") is None, reason="no vi here")
def test_vi_and_the_mouse_work(chromium: Browser, folder: Path) -> None:
    with _served(folder) as port, closing(chromium.new_page()) as page:
        _taken_over(page, port)
        page.keyboard.type("vi -u NONE text\n")
        expect(page.locator(_ROWS)).to_contain_text("~")
        page.keyboard.type("iwritten in vi")
        page.keyboard.press("Escape")
        page.keyboard.type(":wq\n")
        _types(page, "cat text", "written in vi")
        page.keyboard.type(r"clear; printf '\033[?1000h\033[?1006h'; cat -v" + "\n")
        expect(page.locator(_ROWS)).not_to_contain_text("written")
        page.click(".live .xterm", position={"x": 200, "y": 100})
        page.keyboard.press("Enter")
        expect(page.locator(_ROWS)).to_contain_text("^[[<0;")
