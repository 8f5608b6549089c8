"""A stranger's deck in the preview: its page can't act as castdeck's, nor reach another deck, if scripts ran or not."""

import base64
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Frame, Page

from tests.browser.live import deck_frame, serving
from tests.browser.seldom import PREVIEW

pytestmark = pytest.mark.browser
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
EVIL = """# Evil {#evil}

<script>window.ran = "script"; parent.postMessage({castdeck: "deck"}, "*");</script>
<script src="evil.js"></script> ![x](evil.js)
<img src="x.png" onerror="window.ran = 'handler'">
<a id="link" href="javascript:window.ran = 'link'">a link</a>
<iframe srcdoc="<script>parent.ran = 'srcdoc'</script>"></iframe>
<iframe src="/b/"></iframe>
<object data="evil.svg"></object> ![svg](evil.svg)
<svg><script>window.ran = "svg"</script></svg>
<form action="/b/"><button>go</button></form>
<base href="https://evil.example/">

---

# Two {#two}
"""
TRY = """async (address) => {
  const tries = {
    socket: (url) => new Promise((done, failed) => {
      const socket = new WebSocket(url.replace("http", "ws") + "a/live");
      socket.onopen = done;
      socket.onerror = failed;
    }),
    fetch: async (url) => (await fetch(url)).text(),
    other: async (url) => (await fetch(url + "b/")).text(),
    image: (url) => new Promise((done, failed) => {
      const image = new Image();
      image.onload = done;
      image.onerror = failed;
      image.src = url + "b/x.png";
    }),
    script: (url) => new Promise((done, failed) => {
      const script = document.createElement("script");
      script.onload = done;
      script.onerror = failed;
      script.src = url + "b/";
      document.body.append(script);
    }),
    parent: async () => parent.document.title,
    top: async () => { top.location = "https://evil.example/"; },
    storage: async () => localStorage.getItem("x"),
    cookie: async () => document.cookie,
    worker: async (url) => new Worker(url + "b/"),
  };
  const got = [];
  for (const [name, attempt] of Object.entries(tries)) {
    try {
      await attempt(address);
      got.push(name);
    } catch {}
  }
  return got;
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    workspace = tmp_path_factory.mktemp("workspace")
    (workspace / "castdeck.toml").write_text("")
    for name, text in (("a", EVIL), ("b", "# Secret\n\n![x](x.png)\n"), ("c", "# Plain\n")):
        folder = workspace / "slides" / name
        folder.mkdir(parents=True)
        (folder / "deck.md").write_text(text)
        (folder / "x.png").write_bytes(base64.b64decode(PIXEL))
        (folder / "evil.js").write_text("window.ran = 'file'")
        (folder / "evil.svg").write_text(
            '<svg xmlns="http://www.w3.org/2000/svg"><script>parent.ran = top.ran = "svg file"</script></svg>'
        )
    with serving(workspace, "--port", "0") as address:
        yield address


def opened(page: Page, address: str, deck: str = "a") -> Frame:
    page.goto(f"{address}{deck}/")
    frame = deck_frame(page)
    frame.wait_for_function("window.Reveal && Reveal.isReady()")
    return frame


def test_nothing_that_a_deck_brings_runs_in_its_page(chromium: Browser, address: str) -> None:
    page = chromium.new_page()
    frame = opened(page, address)
    frame.evaluate("document.getElementById('link').click()")
    page.wait_for_timeout(300)
    assert frame.evaluate("window.ran ?? null") is None
    assert page.evaluate("window.ran ?? null") is None
    assert "Secret" not in "".join(one.content() for one in page.frames)
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => location.hash === '#/two'")
    page.close()


@pytest.mark.parametrize(
    "bypass", [False, pytest.param(True, marks=PREVIEW)], ids=["with its policy", "if it had none"]
)
def test_a_script_in_the_deck_would_reach_nothing_of_the_preview(chromium: Browser, address: str, bypass: bool) -> None:
    context = chromium.new_context(bypass_csp=bypass)
    page = context.new_page()
    frame = opened(page, address, "c")  # without its policy, the other one's <base> would leave nothing to try
    assert frame.evaluate("self.origin") == "null"
    assert frame.evaluate(TRY, address) == []
    assert page.url.startswith(f"{address}c/")
    context.close()


def test_messages_that_are_none_change_nothing(chromium: Browser, address: str) -> None:
    page = chromium.new_page()
    heard: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda data: heard.append(str(data))))
    frame = opened(page, address)
    page.wait_for_timeout(200)
    heard.clear()
    said = """() => {
      const channel = new MessageChannel();
      parent.postMessage({castdeck: "deck"}, "*", [channel.port2]);
      for (const message of [
        {record: 7}, {record: "evil"}, {record: ["evil"]}, {at: "1"}, {at: Infinity}, {at: -1},
        {at: 1.5},
        {place: "javascript:alert(1)"}, {place: "https://evil.example/"}, {place: "#/\\n"}, {shown: {}}, {shown: []},
        {shown: {sections: [[1, 2, 3]], title: "", shell: "", styles: {}, files: {}, edits: 0}},
        null, 7, "text", [], {__proto__: {at: 1}}, {failed: {}}, {title: "mine"}, {problems: []},
      ]) channel.port1.postMessage(message);
    }"""
    frame.evaluate(said)
    page.wait_for_timeout(300)
    assert heard == []  # not even the recording: nobody has pressed a key
    assert page.url.startswith(f"{address}a/")
    assert page.title() != "mine"
    page.close()


def test_a_deck_s_page_that_is_opened_by_itself_is_of_no_origin_either(chromium: Browser, address: str) -> None:
    page = chromium.new_page()
    inner = opened(page, address).url
    for suffix in ("", "?receiver", "?print-pdf"):
        page.goto(inner.partition("#")[0] + suffix)
        assert page.evaluate("self.origin") == "null"
    page.set_content(f'<iframe src="{inner}"></iframe>')
    page.wait_for_timeout(300)
    assert [frame.url for frame in page.frames if "/deck/" in frame.url] == [] or page.evaluate("self.origin") == "null"
    page.close()


def test_the_deck_does_not_leave_its_frame(chromium: Browser, address: str) -> None:
    page = chromium.new_page()
    frame = opened(page, address)
    with page.context.expect_page() as popup:
        frame.evaluate(
            """() => {
              const link = document.createElement("a");
              link.href = "/b/";
              document.querySelector(".reveal").append(link);
              link.click();
            }"""
        )
    assert popup.value.evaluate("window.opener") is None
    frame.evaluate("setTimeout(() => location.href = '/b/')")
    page.wait_for_timeout(500)
    assert "Secret" not in "".join(one.content() for one in page.frames if "chrome-error" not in one.url)
    assert page.url.startswith(f"{address}a/")
    page.close()
