"""Creates container images, in the folder layout of Docker's registry.

It is the layout of distribution's file system driver (blobs by digest, links by repository):
https://github.com/distribution/distribution/blob/main/registry/storage/paths.go
The manifest is Docker's image manifest, version 2, schema 2: https://distribution.github.io/distribution/spec/manifest-v2-2/
"""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from castdeck.machine.qemu.definition import IMAGES

_MANIFEST_TYPE = "application/vnd.docker.distribution.manifest.v2+json"


def write_image(
    registry: Path, name: str, layer: bytes, command: Sequence[str], environment: Mapping[str, str], architecture: str
) -> None:
    """Add `name:latest`, one of IMAGES, with one layer (an uncompressed tar) to the registry folder `registry`."""
    packed = gzip.compress(layer, compresslevel=1, mtime=0)
    config = {
        "architecture": architecture,
        "os": "linux",
        "created": IMAGES[name],
        "config": {"Cmd": list(command), "Env": [f"{key}={value}" for key, value in environment.items()]},
        "rootfs": {"type": "layers", "diff_ids": [_digest(layer)]},
        "history": [{"created": IMAGES[name], "created_by": "castdeck"}],
    }
    config_bytes = _json(config)
    manifest = {
        "schemaVersion": 2,
        "mediaType": _MANIFEST_TYPE,
        "config": _descriptor("application/vnd.docker.container.image.v1+json", config_bytes),
        "layers": [_descriptor("application/vnd.docker.image.rootfs.diff.tar.gzip", packed)],
    }
    manifest_bytes = _json(manifest)
    root = registry / "docker" / "registry" / "v2"
    repository = root / "repositories" / "library" / name
    for blob in (packed, config_bytes):
        _link(repository / "_layers" / "sha256" / _hex(blob), blob)
    _link(repository / "_manifests" / "revisions" / "sha256" / _hex(manifest_bytes), manifest_bytes)
    tag = repository / "_manifests" / "tags" / "latest"
    _link(tag / "current", manifest_bytes)
    _link(tag / "index" / "sha256" / _hex(manifest_bytes), manifest_bytes)
    for blob in (packed, config_bytes, manifest_bytes):
        path = root / "blobs" / "sha256" / _hex(blob)[:2] / _hex(blob) / "data"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(blob)


def layer_of(files: Mapping[str, bytes]) -> bytes:
    """An uncompressed tar of executable files, owned by root and without dates."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o755
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def _json(value: Any) -> bytes:
    return json.dumps(value, indent=3).encode()


def _hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _digest(data: bytes) -> str:
    return f"sha256:{_hex(data)}"


def _descriptor(media_type: str, blob: bytes) -> dict[str, Any]:
    return {"mediaType": media_type, "size": len(blob), "digest": _digest(blob)}


def _link(folder: Path, blob: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "link").write_text(_digest(blob))
