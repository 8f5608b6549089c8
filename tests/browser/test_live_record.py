"""Recording in the background of a preview: a real machine, what the page shows of it, and how long it is kept."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from castdeck.machine.consent import allow
from castdeck.machine.kinds import find_definition
from castdeck.workspace import cache_folder
from tests.browser.live import Live, Serve
from tests.browser.seldom import PREVIEW
from tests.emulators import nothing_left_of_machines

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    with nothing_left_of_machines():
        yield
    assert processes("sleep 12345") == []


def processes(command: str) -> list[str]:
    """The numbers of the processes that run just that command."""
    return subprocess.run(["pgrep", "-fx", command], capture_output=True, text=True, check=False).stdout.split()


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The front matter of a deck that is recorded in this computer's sandbox, which is allowed."""
    if shutil.which("bwrap") is None:
        pytest.skip("no bwrap on PATH")
    monkeypatch.setenv("CASTDECK_CONFIG", str(tmp_path / "config"))
    allow(find_definition("local", {}))
    return "---\nmachine: local\n---\n"


class Logs:
    """The logs of recordings since it was made, oldest first, each as text."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._before = folder, set(folder.glob("*.log"))

    def texts(self) -> list[str]:
        return [path.read_text() for path in sorted(set(self._folder.glob("*.log")) - self._before)]


@pytest.fixture
def logs() -> Logs:
    return Logs(cache_folder() / "logs")


def serve_slowly(serve: Serve, text: str, *arguments: str) -> Live:
    live = serve(text, *arguments)
    live.page.set_default_timeout(600_000)
    return live


@pytest.mark.vm
@pytest.mark.slow("builder/castdeck/serve", "builder/castdeck/record", "builder/castdeck/machine")
def test_what_is_new_or_changed_is_recorded_in_the_background(serve: Serve, logs: Logs) -> None:
    slow = "for n in 1 2 3 4; do echo tick $n; sleep 1; done"
    live = serve_slowly(serve, f"# Run\n\n```bash\n{slow}\n```\n\n---\n\n# Fail\n\n```bash\nfalse\n```\n", "--record")
    live.frame.locator('.live-badge[data-state="waiting"]').first.wait_for()
    live.frame.locator('.present .live-badge[data-state="recording"]').wait_for()
    live.frame.locator(".present .live-output", has_text="tick 2").wait_for()
    live.frame.locator(".present .terminal").wait_for()
    assert live.frame.locator(".present .live-output").count() == 0
    failed = live.frame.locator('#fail .live-badge[data-state="failed"]')
    failed.wait_for(state="attached")
    assert failed.text_content() == "failed: line 12: ended with exit status 1, not 0"
    assert "deck.md:12" in live.page.inner_text("#castdeck-overlay .panel")
    live.edit("false", "true")
    live.frame.locator("#fail .terminal").wait_for(state="attached")
    live.page.locator("#castdeck-overlay .panel").wait_for(state="hidden")
    live.edit("echo tick", "echo tock")
    live.waits("() => document.querySelector('.present .terminal script').textContent.includes('tock')")


@pytest.mark.vm
@pytest.mark.slow("builder/castdeck/serve", "builder/castdeck/record", "builder/castdeck/machine")
def test_the_machine_is_kept_where_the_next_edit_will_want_it(serve: Serve, logs: Logs) -> None:
    live = serve_slowly(serve, "# Run\n\n```bash\nWORD=kept\n```\n\n```bash\necho one $WORD\n```\n", "--record")
    shown = "word => [...document.querySelectorAll('.terminal script')].some(one => one.textContent.includes(word))"
    live.waits(shown, "one kept")
    for old, new in (("one", "two"), ("two", "three")):
        live.edit(f"echo {old}", f"echo {new}")
        live.waits(shown, f"{new} kept")
    first, second, third = logs.texts()
    assert "starting the machine" in first
    assert "records run-2" in second
    assert "records run-2" in third
    assert "starting the machine" not in third
    assert "run-1" not in third


def test_a_newer_edit_ends_only_what_it_made_useless(serve: Serve, logs: Logs, sandbox: str) -> None:
    live = serve_slowly(serve, f"{sandbox}# Run\n\n```bash\nsleep 6\n```\n\n```bash\nsleep 600\n```\n", "--record")
    recording = live.frame.locator('.live-badge[data-state="recording"]')
    recording.wait_for()
    live.edit("sleep 600", "sleep 601")
    live.frame.locator(".terminal").wait_for()
    recording.wait_for()
    live.edit("sleep 601", "echo quick")
    live.waits("() => document.querySelectorAll('.present .terminal').length === 2")
    whole = "".join(logs.texts())
    assert whole.count("records run-1") == 1
    assert "line 11: sleep 600\n" not in whole
    assert whole.count("records run-2") == 2
    assert "Timeout" not in whole


@PREVIEW
def test_a_key_records_the_slide_that_is_shown_and_no_other(serve: Serve, tmp_path: Path, sandbox: str) -> None:
    live = serve_slowly(serve, f"{sandbox}# Run\n\n```bash\necho one\n```\n\n---\n\n# Two\n\n```bash\necho two\n```\n")
    live.page.keyboard.press("r")
    live.frame.locator(".present .terminal").wait_for()
    live.waits("() => !document.querySelector('#run .live-badge')")
    assert [path.stem for path in (tmp_path / "casts").glob("*.cast")] == ["run-1"]
    assert live.frame.text_content("#two .live-badge") == "not recorded"


@PREVIEW
def test_the_whole_width_of_the_terminal_is_seen_while_it_is_recorded(serve: Serve, sandbox: str) -> None:
    wide = "printf '%100s\\n' end | tr ' ' x"
    live = serve_slowly(serve, f"{sandbox}# Run\n\n```bash\n{wide}; read -r\n```\n", "--record")
    output = live.frame.locator(".live-output", has_text="xend")
    output.wait_for()
    assert (output.text_content() or "").splitlines()[-1] == "x" * 97 + "end"
    boxes = output.evaluate(
        """pre => {
            const line = document.createRange();
            line.setStart(pre.firstChild, pre.textContent.lastIndexOf("\\n") + 1);
            line.setEnd(pre.firstChild, pre.textContent.length);
            return [...line.getClientRects()].map(box => box.right / pre.getBoundingClientRect().right);
        }"""
    )
    assert len(boxes) == 1
    assert boxes[0] <= 1


@PREVIEW
def test_the_end_of_the_preview_is_the_end_of_its_machine(serve: Serve, sandbox: str) -> None:
    live = serve_slowly(serve, f"{sandbox}# Run\n\n```bash\nsleep 12345\n```\n", "--record")
    live.frame.locator(".live-output", has_text="sleep 12345").wait_for()
    assert processes("sleep 12345") != []  # and in the end there are none
