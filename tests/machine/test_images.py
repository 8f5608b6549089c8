"""`image = ...`: what castdeck.toml may say of one, how it gets into the cache, and which files are refused."""

import hashlib
import subprocess
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from castdeck.errors import MachineError, WorkspaceError
from castdeck.machine.kinds import find_definition
from castdeck.machine.qemu.disk_format import DiskFormat, disk_format
from castdeck.machine.qemu.image import DiskImage
from castdeck.machine.qemu.image_cache import drop_images, put_image
from castdeck.machine.qemu.keys import base_key, identity_key
from castdeck.machine.qemu.kind import QemuDefinition
from tests.conftest import Cli
from tests.web import Respond, sends, server

SUM = "sha256:" + "0" * 64
DISK = bytes(510) + b"\x55\xaa" + b"data" * 1024 + bytes(3 << 20)
GIB = 1 << 30


def sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def image_of(table: dict[str, Any], folder: Path) -> DiskImage:
    definition = find_definition("cloud", {"cloud": table}, folder)
    assert isinstance(definition, QemuDefinition) and definition.machine.image
    return definition.machine.image


def test_an_image_is_an_address_with_a_checksum_or_a_file_of_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "disk.img").write_bytes(DISK)
    address = "https://example.org/debian.qcow2"
    remote = image_of({"image": address, "checksum": SUM.upper().replace("SHA", "sha")}, tmp_path)
    assert remote == DiskImage(address, SUM) and remote.is_remote and remote.name == "debian.qcow2"
    local = image_of({"image": "disk.img"}, tmp_path)
    assert local == DiskImage(str(tmp_path / "disk.img"), sha256(DISK)) and not local.is_remote
    assert image_of({"image": "/srv/disk.img", "checksum": SUM}, tmp_path) == DiskImage("/srv/disk.img", SUM)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"image": "https://example.org/x.qcow2"}, "image: a URL needs a checksum"),
        ({"image": "https://example.org/x", "checksum": "md5:00"}, "checksum can't be 'md5:00'"),
        ({"image": "https://example.org/x", "checksum": "sha256:00"}, 'it must be "sha256:" and 64 hexadecimal digits'),
        ({"image": "ftp://example.org/x", "checksum": SUM}, "'ftp://example.org/x' is not an http or https URL"),
        ({"image": "https://[", "checksum": SUM}, "'https://[' is not an http or https URL"),
        ({"image": "file:///etc/passwd", "checksum": SUM}, "is not an http or https URL"),
        ({"image": "https://ada:pw@example.org/x", "checksum": SUM}, "a URL must not contain a user, a password"),
        ({"checksum": SUM}, "there is a checksum, but no image"),
        ({"image": "missing.qcow2"}, "image: missing.qcow2 is not a file"),
        ({"image": "/etc/hostname"}, "/etc/hostname is outside the workspace, so it needs a checksum"),
        ({"image": "link"}, "link is outside the workspace"),
        ({"image": "disk.img", "packages": ["git"]}, "packages (git) can't be put into an image"),
        ({"image": "disk.img", "images": ["debian"]}, "images (debian) can't be put into a machine made of an image"),
        ({"image": "disk.img", "from": "docker"}, "packages (docker.io, "),
    ],
)
def test_what_can_not_be_says_so(tmp_path: Path, table: dict[str, Any], message: str) -> None:
    (tmp_path / "disk.img").write_bytes(DISK)
    (tmp_path / "link").symlink_to("/etc/hostname")
    with pytest.raises(WorkspaceError) as caught:
        find_definition("cloud", {"cloud": table}, tmp_path)
    assert message in str(caught.value)


def test_an_image_is_hashed_once_until_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASTDECK_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "disk.img"
    path.write_bytes(DISK)
    image_of({"image": "disk.img"}, tmp_path)
    assert not (tmp_path / "cache").exists()  # it was changed just now, and may be again within its time's resolution
    monkeypatch.setattr("castdeck.machine.qemu.checksums._SETTLED", -1)
    first = image_of({"image": "disk.img"}, tmp_path)
    with monkeypatch.context() as patched:
        patched.delattr("hashlib.file_digest")
        assert image_of({"image": "disk.img"}, tmp_path) == first == DiskImage(str(path), sha256(DISK))
    path.write_bytes(DISK[:-1] + b"!")
    assert image_of({"image": "disk.img"}, tmp_path).checksum == sha256(DISK[:-1] + b"!")
    (kept,) = (tmp_path / "cache/checksums").iterdir()
    kept.write_text("nonsense")
    assert image_of({"image": "disk.img"}, tmp_path).checksum == sha256(DISK[:-1] + b"!")


def test_an_image_that_no_disk_of_the_machine_can_hold_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "disk.img").open("wb") as file:
        file.truncate(1 << 42)
    with pytest.raises(WorkspaceError, match=r"disk\.img is larger than the machine's disk of 8 GiB"):
        image_of({"image": "disk.img"}, tmp_path)


def test_a_machine_depends_on_what_is_in_its_image_and_not_on_where_it_comes_from(tmp_path: Path) -> None:
    def keys(**table: str) -> tuple[str, str]:
        definition = find_definition("cloud", {"cloud": table}, tmp_path)
        assert isinstance(definition, QemuDefinition)
        return base_key(definition.machine), identity_key(definition.machine)

    here = keys(image="https://example.org/a", checksum=SUM)
    assert here == keys(image="https://example.net/b", checksum=SUM)
    assert here[0] != keys(image="https://example.org/a", checksum=SUM[:-1] + "1")[0]
    assert here[0] != keys(image="https://example.org/a", checksum=SUM, user="ada")[0]
    other = keys(image="https://example.org/a", checksum=SUM, setup="true")
    assert (here[0] == other[0], here[1] == other[1]) == (True, False)


def put(address: str, checksum: str, machines: Path, name: str = "image", largest: int = GIB) -> list[str]:
    told: list[str] = []
    put_image(DiskImage(address, checksum), machines / name, machines, largest, told.append)
    return told


def left(machines: Path) -> list[str]:
    return [path.name for path in (machines / "images").iterdir() if path.suffix != ".lock"]


def test_an_image_is_fetched_once_for_all_machines_and_goes_with_the_last_of_them(tmp_path: Path) -> None:
    with server(sends(DISK)) as address:
        assert put(f"{address}/disk.img", sha256(DISK), tmp_path) == ["fetching the image disk.img (3 MB)"]
    assert put(f"{address}/disk.img", sha256(DISK), tmp_path, "other") == []
    assert (tmp_path / "image").read_bytes() == (tmp_path / "other").read_bytes() == DISK
    assert (tmp_path / "image").stat().st_blocks * 512 < len(DISK) / 2
    (tmp_path / "image").unlink()
    assert drop_images(tmp_path) == 0
    (tmp_path / "other").unlink()
    assert drop_images(tmp_path) > 0
    assert list((tmp_path / "images").iterdir()) == []


def test_a_large_image_tells_how_far_it_is(tmp_path: Path) -> None:
    data = bytes(200 << 20)
    with server(sends(data)) as address:
        told = put(f"{address}/large.img", sha256(data), tmp_path)
    assert told == [
        "fetching the image large.img (210 MB)",
        "fetching the image: 67 of 210 MB",
        "fetching the image: 134 of 210 MB",
        "fetching the image: 201 of 210 MB",
    ]


def moved(location: str) -> Respond:
    def respond(request: BaseHTTPRequestHandler) -> None:
        request.send_response(302)
        request.send_header("Location", location)
        request.end_headers()

    return respond


@pytest.mark.parametrize(
    ("respond", "message"),
    [
        (sends(DISK + b"!"), f"in castdeck.toml: {sha256(DISK)}"),
        (sends(DISK + b"!"), f"of the image:     {sha256(DISK + b'!')}"),
        (sends(DISK[:1000], len(DISK)), f"ended after 1000 of {len(DISK)} bytes"),
        (lambda request: request.send_error(404), "can't be downloaded: the server answered 404 Not Found"),
        (moved("http://127.0.0.1:9/x"), "redirects to http://127.0.0.1:9/x, which is not an https address"),
        (moved("file:///etc/passwd"), "Redirection to url 'file:///etc/passwd' is not allowed"),
    ],
)
def test_an_image_that_does_not_come_as_it_should_leaves_nothing(
    tmp_path: Path, respond: Respond, message: str
) -> None:
    with server(respond) as address, pytest.raises(MachineError) as caught:
        put(f"{address}/disk.img", sha256(DISK), tmp_path)
    assert message in str(caught.value)
    assert left(tmp_path) == [] and not (tmp_path / "image").exists()


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    with server(sends(DISK)) as address:
        pass
    with pytest.raises(MachineError, match="can't be reached: .*Connection refused"):
        put(f"{address}/disk.img", sha256(DISK), tmp_path)


def test_what_is_larger_than_the_disk_is_not_fetched_to_its_end(tmp_path: Path) -> None:
    with server(sends(DISK)) as address, pytest.raises(MachineError, match="larger than the machine's disk"):
        put(f"{address}/disk.img", sha256(DISK), tmp_path, largest=1 << 20)
    assert left(tmp_path) == []


def test_an_interrupted_copy_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "disk.img").write_bytes(DISK)

    def interrupt(doing: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        put_image(DiskImage(str(tmp_path / "disk.img"), sha256(DISK)), tmp_path / "image", tmp_path, GIB, interrupt)
    assert left(tmp_path) == []


def qcow2(*, version: int = 3, backing: int = 0, encryption: int = 0, features: int = 0) -> bytes:
    """The header of a qcow2 file of 1 GiB."""
    head = bytearray(b"QFI\xfb" + version.to_bytes(4) + backing.to_bytes(8) + bytes(8) + GIB.to_bytes(8) + bytes(480))
    head[32:36] = encryption.to_bytes(4)
    head[72:80] = features.to_bytes(8)
    return bytes(head)


def test_a_qcow2_and_a_raw_disk_are_known_by_their_first_bytes(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    for content, expected in (
        (qcow2(), DiskFormat("qcow2", GIB)),
        (qcow2(version=2, features=4), DiskFormat("qcow2", GIB)),
        (qcow2(features=0b11001), DiskFormat("qcow2", GIB)),
        (DISK, DiskFormat("raw", len(DISK))),
    ):
        disk.write_bytes(content)
        assert disk_format(disk, "disk") == expected


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (qcow2(backing=0x200), "the image disk.img is based on another file: it is not used"),
        (qcow2(features=4), "the image disk.img keeps its data in another file: it is not used"),
        (qcow2(encryption=2), "is encrypted"),
        (qcow2(features=2), "is damaged, or newer than castdeck"),
        (qcow2(version=1), "is of qcow version 1"),
        (qcow2()[:60], "is of qcow version"),
        (b"\xfd7zXZ\x00rest", "disk.img is packed with xz\n  convert it to qcow2 or raw first: unxz"),
        (b"KDMV", "is a VMware disk\n  convert it to qcow2 or raw first: qemu-img convert -O qcow2"),
        (b"<!DOCTYPE html>", "disk.img is not a disk image"),
        (b"", "disk.img is not a disk image"),
    ],
)
def test_an_image_that_reads_other_files_or_is_none_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "disk").write_bytes(content)
    with pytest.raises(MachineError) as caught:
        disk_format(tmp_path / "disk", "disk.img")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["-b", "/etc/passwd", "-F", "raw"], "the image disk.qcow2 is based on another file: it is not used"),
        (["-o", "data_file=data.raw"], "the image disk.qcow2 keeps its data in another file: it is not used"),
    ],
)
def test_a_disk_that_names_a_file_of_this_computer_is_not_built_from(
    cli: Cli, tmp_path: Path, options: list[str], message: str
) -> None:
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", *options, "disk.qcow2", "1G"], cwd=tmp_path, check=True)
    (tmp_path / "castdeck.toml").write_text('[machine.cloud]\nimage = "disk.qcow2"\n')
    done = cli("machine", "build", "cloud", CASTDECK_CACHE=str(tmp_path / "cache"))
    assert done.status == 1
    assert f"error: {message}\n  qemu-img convert -O qcow2 makes one file of both\n" in done.err
    assert [path.name for path in (tmp_path / "cache/machines").iterdir() if path.suffix == ".part"] == []


def test_an_image_larger_than_the_disk_and_a_wrong_checksum_are_told(cli: Cli, tmp_path: Path) -> None:
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "disk.qcow2", "12G"], cwd=tmp_path, check=True)
    cache = str(tmp_path / "cache")
    (tmp_path / "castdeck.toml").write_text('[machine.cloud]\nimage = "disk.qcow2"\n')
    done = cli("machine", "build", "cloud", CASTDECK_CACHE=cache)
    assert "disk.qcow2 needs a disk of 12 GiB, the machine has 8\n  disk = 12 in [machine.cloud]\n" in done.err
    (tmp_path / "castdeck.toml").write_text(f'[machine.cloud]\nimage = "disk.qcow2"\nchecksum = "{SUM}"\n')
    done = cli("machine", "build", "cloud", CASTDECK_CACHE=cache)
    assert done.status == 1
    assert f"checksum mismatch of the image disk.qcow2\n  in castdeck.toml: {SUM}\n" in done.err
    assert (
        sha256((tmp_path / "disk.qcow2").read_bytes()).partition(":")[2] not in done.err
    )  # of any file, in a CI's log
    assert f"put its checksum into castdeck.toml: sha256sum {tmp_path / 'disk.qcow2'}\n" in done.err
