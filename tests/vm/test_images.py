"""Machines made of disk images: one as clouds have them, one with QEMU's guest agent, one that is no system at all."""

import hashlib
import os
import platform
import tempfile
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from castdeck.cast.model import parse_cast
from castdeck.cast.screen import last_screen
from castdeck.errors import MachineError
from castdeck.machine.qemu.accelerators import EMULATION
from castdeck.machine.qemu.adopt import adopt, put_image_disk
from castdeck.machine.qemu.definition import MachineDefinition
from castdeck.machine.qemu.image import DiskImage
from castdeck.machine.qemu.image_cache import drop_images
from castdeck.workspace import cache_folder
from tests.conftest import Cli
from tests.vm.disk_image import make_image, make_tree
from tests.web import server

pytestmark = [
    pytest.mark.vm,
    pytest.mark.timeout(2400),
    pytest.mark.skipif(platform.machine() != "x86_64", reason="the boot loader of the images made here is a PC's"),
]

CLOUD = """default_machine = "lab"

[machine.cloud]
image = "{address}/debian.qcow2"
checksum = "{checksum}"
disk = 3
user = "ada"
prompt = '[\\u@\\h \\W] '

[machine.lab]
from = "cloud"
files = {{"/usr/local/bin/tool" = {{text = "#!/bin/sh\\necho made here\\n"}}}}
setup = "chmod 755 /usr/local/bin/tool; echo set up >/etc/told"
"""
DECK = """# A {#a}

```bash
tool; cat /etc/told; echo $LANG; sudo id -u; id -un
df --block-size=M --output=size / | tail -n 1
ls /sys/class/net
seq 200000 | tail -n 1; yes | head -n 1
```

```bash
echo kept >/tmp/file; exit
```

```bash
cat /tmp/file
```
"""


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Path], None]:
    """image("cloud", path) writes such an image; both kinds are made of one tree."""
    return partial(make_image, make_tree(tmp_path_factory.mktemp("tree")))


@pytest.mark.slow("builder/castdeck/machine/qemu", "tests/vm")
def test_a_cloud_image_from_an_address_becomes_a_machine_like_any_other(
    cli: Cli, tmp_path: Path, image: Callable[[str, Path], None]
) -> None:
    image("cloud", tmp_path / "debian.qcow2")
    data = (tmp_path / "debian.qcow2").read_bytes()
    asked: list[str] = []

    def respond(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        request.send_response(200)
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)

    (tmp_path / "deck.md").write_text(DECK)
    with server(respond) as address:
        checksum = f"sha512:{hashlib.sha512(data).hexdigest()}"
        (tmp_path / "castdeck.toml").write_text(CLOUD.format(address=address, checksum=checksum))
        done = cli("record", "deck.md", "--recordings", "casts", timeout=1800)
    assert done.status == 0, done.err
    first = _screen(tmp_path / "casts/a-1.cast")
    assert first.startswith("[ada@lab ~] tool; cat"), first
    assert "made here\nset up\nC.UTF-8\n0\nada\n" in first
    size = int(next(line for line in first.splitlines() if line.endswith("M")).strip().rstrip("M"))
    assert 2500 < size < 3072, "the file system fills the machine's disk"
    assert "\nlo\n" in first and "\n200000\ny\n" in first
    assert "kept" in _screen(tmp_path / "casts/a-3.cast")
    assert asked == ["/debian.qcow2"]

    again = cli("machine", "build", "lab")
    assert again.err == "" and again.out.startswith("lab: ready on "), again.err


@pytest.mark.slow("builder/castdeck/machine/qemu", "tests/vm")
def test_an_image_with_qemus_agent_and_no_cloud_init_does_as_well(
    cli: Cli, tmp_path: Path, image: Callable[[str, Path], None]
) -> None:
    image("agent", tmp_path / "disk.qcow2")
    (tmp_path / "castdeck.toml").write_text('default_machine = "own"\n[machine.own]\nimage = "disk.qcow2"\n')
    (tmp_path / "deck.md").write_text("# A {#a}\n\n```bash\nid -un; hostname; systemctl is-system-running\n```\n")
    done = cli("record", "deck.md", "--recordings", "casts", timeout=1800)
    assert done.status == 0, done.err
    shown = _screen(tmp_path / "casts/a-1.cast")
    assert shown.startswith("student@own:~$ id -un"), shown
    assert "student\nown\nrunning" in shown


@pytest.mark.slow("builder/castdeck/machine/qemu", "tests/vm")
def test_an_image_that_never_answers_is_told_with_the_last_words_of_its_console(tmp_path: Path) -> None:
    cache = cache_folder()
    (cache / "machines").mkdir(parents=True, exist_ok=True)
    (tmp_path / "empty.img").write_bytes(bytes(510) + b"\x55\xaa" + bytes(1 << 20))
    checksum = f"sha256:{hashlib.sha256((tmp_path / 'empty.img').read_bytes()).hexdigest()}"
    definition = MachineDefinition("empty", image=DiskImage(str(tmp_path / "empty.img"), checksum), disk=1)
    told: list[str] = []
    with tempfile.TemporaryDirectory(dir=cache / "machines") as name, pytest.raises(MachineError) as caught:
        Path(name).chmod(0o755)
        put_image_disk(definition, Path(name), cache / "machines", told.append)
        adopt(definition, Path(name), EMULATION, cache, told.append, patience=15)
    drop_images(cache / "machines")
    assert "the image did not answer within " in str(caught.value)
    assert "  | Booting from Hard Disk" in str(caught.value)
    assert "the image must be for this kind of computer, with systemd, Python 3" in str(caught.value)
    assert told[-1] == "booting the image for the first time"
    assert [path for path in (cache / "run").iterdir() if path.name.startswith(f"{os.getpid()}-")] == []


def _screen(cast: Path) -> str:
    return "\n".join(last_screen(parse_cast(cast.read_text(encoding="utf-8"))))
