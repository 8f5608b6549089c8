"""Puts images into the folder of a Docker that has never run, in the form that they have after `docker pull`.

Copying takes a second; a pull in an emulated machine takes a minute. The layout is that of Docker's layer
and image stores with overlay2 (https://github.com/moby/moby, layer/filestore.go and image/fs.go). A Docker that does
not know it pulls the images from the machine's registry instead.
"""

import base64
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterable
from pathlib import Path

from castdeck.machine.qemu.container_images import ContainerImage, digest, hexadecimal
from castdeck.machine.qemu.tar_split import tar_split

LAYER = "layer"
"""The link to a layer's packed tar, in the folder that it is to be unpacked into as `diff`."""


def write_to_store(docker: Path, images: Iterable[tuple[ContainerImage, str]]) -> None:
    """Add images to `docker`, which becomes /var/lib/docker. Each comes with its packed layer's path in the machine.

    The layers still have to be unpacked: from the link LAYER to the folder `diff` beside it.
    """
    docker.mkdir(parents=True, mode=0o710)
    root = docker / "image/overlay2"
    repositories = {}
    for image, layer in images:
        name = digest(image.config)
        known = {f"{image.name}:latest": name, f"{image.name}@{digest(image.manifest)}": name}
        repositories[image.name] = known
        _write(root / "imagedb/content/sha256" / hexadecimal(name), image.config)
        _write_layer(root, image)
        _write_place(docker / "overlay2", hexadecimal(image.layer_digest), layer)
    _write(root / "repositories.json", _json({"Repositories": repositories}))
    for part, mode in (("image", 0o700), ("overlay2", 0o710)):
        for folder, _, _ in os.walk(docker / part):
            Path(folder).chmod(mode)


def _write_layer(root: Path, image: ContainerImage) -> None:
    """Write a layer. It is the first of its image, so the id of its chain of layers is its own digest."""
    layer, number = image.layer_digest, hexadecimal(image.layer_digest)
    said = {"diff": layer, "size": str(_size(image.layer)), "cache-id": number}
    for name, text in said.items():
        _write(root / "layerdb/sha256" / number / name, text.encode())
    _write(root / "layerdb/sha256" / number / "tar-split.json.gz", tar_split(image.layer))
    packed = image.packed_digest
    source = {"Digest": packed, "SourceRepository": f"docker.io/library/{image.name}", "HMAC": ""}
    _write(root / "distribution/diffid-by-digest/sha256" / hexadecimal(packed), layer.encode())
    _write(root / "distribution/v2metadata-by-diffid/sha256" / number, _json([source]))


def _write_place(overlays: Path, number: str, layer: str) -> None:
    """Create the folder for its files, and the short name that mounts use for it."""
    short = base64.b32encode(hashlib.sha256(number.encode()).digest()).decode()[:26]
    _write(overlays / number / "link", short.encode())
    (overlays / number / LAYER).symlink_to(layer)
    (overlays / "l").mkdir(exist_ok=True)
    (overlays / "l" / short).symlink_to(f"../{number}/diff")


def _size(layer: bytes) -> int:
    """The size of its files, in bytes, as Docker counts it."""
    with tarfile.open(fileobj=io.BytesIO(layer), mode="r:") as members:
        return sum(len(member.linkname) if member.issym() else member.size for member in members)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _json(value: object) -> bytes:
    return json.dumps(value).encode()
