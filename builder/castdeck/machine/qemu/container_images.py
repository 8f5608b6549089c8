"""Creates container images, for the registry in the machine and for the store of its Docker.

The registry's folder has the layout of distribution's file system driver (blobs by digest, links by repository):
https://github.com/distribution/distribution/blob/main/registry/storage/paths.go
The manifest is Docker's image manifest, version 2, schema 2: https://distribution.github.io/distribution/spec/manifest-v2-2/
"""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from castdeck.machine.qemu.definition import IMAGES

_MANIFEST_TYPE = "application/vnd.docker.distribution.manifest.v2+json"
_BLOBS = "docker/registry/v2/blobs"


@dataclass(frozen=True)
class ContainerImage:
    """The image `name:latest`, one of IMAGES, with one layer: an uncompressed tar."""

    name: str
    layer: bytes
    command: Sequence[str]
    environment: Mapping[str, str]
    architecture: str

    @cached_property
    def layer_digest(self) -> str:
        """The digest of the layer."""
        return digest(self.layer)

    @cached_property
    def packed(self) -> bytes:
        """The layer as a registry serves it."""
        return gzip.compress(self.layer, compresslevel=1, mtime=0)

    @cached_property
    def packed_digest(self) -> str:
        """The digest of the packed layer."""
        return digest(self.packed)

    @cached_property
    def config(self) -> bytes:
        """Its configuration; the digest of this is the image's id."""
        created = IMAGES[self.name]
        environment = [f"{key}={value}" for key, value in self.environment.items()]
        return _json(
            {
                "architecture": self.architecture,
                "os": "linux",
                "created": created,
                "config": {"Cmd": list(self.command), "Env": environment},
                "rootfs": {"type": "layers", "diff_ids": [self.layer_digest]},
                "history": [{"created": created, "created_by": "castdeck"}],
            }
        )

    @cached_property
    def manifest(self) -> bytes:
        """The manifest that a registry serves for it."""
        config_type, layer_type = "container.image.v1+json", "image.rootfs.diff.tar.gzip"
        parts = ((config_type, self.config, digest(self.config)), (layer_type, self.packed, self.packed_digest))
        config, layer = (
            {"mediaType": f"application/vnd.docker.{kind}", "size": len(blob), "digest": name}
            for kind, blob, name in parts
        )
        return _json({"schemaVersion": 2, "mediaType": _MANIFEST_TYPE, "config": config, "layers": [layer]})


def write_to_registry(registry: Path, image: ContainerImage) -> None:
    """Add an image to the registry folder `registry`."""
    names = {digest(image.config): image.config, image.packed_digest: image.packed}
    repository = registry / "docker/registry/v2/repositories/library" / image.name
    for name in names:
        _link(repository / "_layers/sha256" / hexadecimal(name), name)
    manifest = digest(image.manifest)
    _link(repository / "_manifests/revisions/sha256" / hexadecimal(manifest), manifest)
    tag = repository / "_manifests/tags/latest"
    _link(tag / "current", manifest)
    _link(tag / "index/sha256" / hexadecimal(manifest), manifest)
    for name, blob in {**names, manifest: image.manifest}.items():
        path = registry / blob_path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(blob)


def blob_path(name: str) -> str:
    """Where a registry's folder has the blob of that digest."""
    return f"{_BLOBS}/sha256/{hexadecimal(name)[:2]}/{hexadecimal(name)}/data"


def layer_of(files: Mapping[str, bytes]) -> bytes:
    """An uncompressed tar of executable files, owned by root and without dates."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o755
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def digest(data: bytes) -> str:
    """The digest that registries and Docker name bytes by."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def hexadecimal(name: str) -> str:
    """A digest without its algorithm's name."""
    return name.removeprefix("sha256:")


def _json(value: object) -> bytes:
    return json.dumps(value, indent=3).encode()


def _link(folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "link").write_text(name)
