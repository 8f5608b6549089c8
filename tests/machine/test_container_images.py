"""Container images that a machine has from the start: what its registry serves, and what its Docker has."""

import base64
import gzip
import hashlib
import io
import json
import random
import tarfile
from pathlib import Path

import pytest

from castdeck.machine.qemu.container_images import ContainerImage, blob_path, write_to_registry
from castdeck.machine.qemu.docker_store import write_to_store
from castdeck.machine.qemu.tar_split import crc64, tar_split

LONG = "a/" + "long" * 40


def _layer() -> bytes:
    """A tar with what tars can have: folders, links, an empty file, a long name and one that is no UTF-8."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for name, content in {
            "one": b"1\n",
            "empty": b"",
            LONG: b"x" * 5000,
            "caf\udce9": bytes(range(256)) * 4,
        }.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
        for name, kind in {"soft": tarfile.SYMTYPE, "hard": tarfile.LNKTYPE, "folder": tarfile.DIRTYPE}.items():
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, "" if kind == tarfile.DIRTYPE else "one"
            tar.addfile(entry)
    return buffer.getvalue()


def _image() -> ContainerImage:
    return ContainerImage("debian", _layer(), ["bash"], {"PATH": "/bin"}, "amd64")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _bit_by_bit(data: bytes) -> int:
    rest = (1 << 64) - 1
    for byte in data:
        rest ^= byte
        for _ in range(8):
            rest = rest >> 1 ^ (0xD800000000000000 if rest & 1 else 0)
    return rest ^ (1 << 64) - 1


def test_checksums_are_those_of_go() -> None:
    assert crc64(b"123456789") == 0xB90956C775A41001


@pytest.mark.parametrize("length", [0, 1, 7, 8, 9, 63, 64, 65, 1000, 4097])
def test_a_checksum_is_the_one_of_the_definition(length: int) -> None:
    data = random.Random(length).randbytes(length)
    assert crc64(data) == _bit_by_bit(data)


def test_a_tar_can_be_made_again_of_its_files_and_its_description() -> None:
    layer, made = _layer(), b""
    with tarfile.open(fileobj=io.BytesIO(layer), errors="surrogateescape") as tar:
        files = {member.name: tar.extractfile(member) for member in tar if member.isreg()}
    lines = gzip.decompress(tar_split(layer)).decode().splitlines()
    assert len(lines) == 7, "three files that are not empty, what is before each, and the rest"
    for position, line in enumerate(lines):
        entry = json.loads(line)
        assert entry["position"] == position
        data = base64.b64decode(entry["payload"])
        if entry["type"] == 1:
            file = files[base64.b64decode(entry["name_raw"]).decode(errors="surrogateescape")]
            assert file
            content = file.read()
            assert (len(content), crc64(content).to_bytes(8)) == (entry["size"], data)
            data = content
        made += data
    assert made == layer


def test_the_registry_has_each_blob_under_its_digest(tmp_path: Path) -> None:
    image = _image()
    write_to_registry(tmp_path, image)
    root = tmp_path / "docker/registry/v2"
    blobs = list((root / "blobs/sha256").glob("*/*/data"))
    assert {_digest(blob) for blob in blobs} == {blob.parent.name for blob in blobs}
    tag = (root / "repositories/library/debian/_manifests/tags/latest/current/link").read_text()
    manifest = json.loads((tmp_path / blob_path(tag)).read_bytes())
    assert [part["size"] for part in (manifest["config"], *manifest["layers"])] == [
        len(image.config),
        len(image.packed),
    ]
    assert gzip.decompress((tmp_path / blob_path(manifest["layers"][0]["digest"])).read_bytes()) == image.layer


def test_docker_finds_the_image_that_its_registry_serves(tmp_path: Path) -> None:
    image = _image()
    write_to_store(tmp_path / "docker", [(image, "/the/tar")])
    root = tmp_path / "docker/image/overlay2"
    names = json.loads((root / "repositories.json").read_text())["Repositories"]["debian"]
    assert set(names) == {"debian:latest", f"debian@sha256:{hashlib.sha256(image.manifest).hexdigest()}"}
    (number,) = {name.removeprefix("sha256:") for name in names.values()}
    config = root / "imagedb/content/sha256" / number
    assert _digest(config) == number
    (layer,) = json.loads(config.read_text())["rootfs"]["diff_ids"]
    kept = root / "layerdb/sha256" / layer.removeprefix("sha256:")
    assert (kept / "diff").read_text() == layer == f"sha256:{hashlib.sha256(image.layer).hexdigest()}"
    place = tmp_path / "docker/overlay2" / (kept / "cache-id").read_text()
    assert str((place / "layer").readlink()) == "/the/tar"
    short = tmp_path / "docker/overlay2/l" / (place / "link").read_text()
    assert len(short.name) == 26
    assert short.resolve() == place / "diff"
    assert (kept / "size").read_text() == str(2 + 5000 + 1024 + len("one"))
