"""The definition of a virtual machine, read from `[machine.NAME]` in castdeck.toml. Nothing is run for that."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from castdeck.gate import Gate, Refused
from castdeck.machine.qemu.image import DiskImage, read_image
from castdeck.machine.settings import Table

IMAGES = {"debian": "2024-01-02T00:00:00Z", "hello-world": "2024-01-01T00:00:00Z"}
"""The container images that castdeck makes, with their dates of creation, by which `docker images` sorts."""
MEMORY = range(64, (1 << 20) + 1)
CORES = range(1, 64 + 1)
DISK = range(1, 2048 + 1)
"""The limits of a machine: MiB, virtual processors, GiB. More is a mistake or an attack."""
DEFAULT_USER = "student"
DEFAULT_LOCALE = "C.UTF-8"
DEFAULT_PROMPT = r"\u@\h:\w\$ "
_PARTS = ("image", "checksum", "packages", "images", "files", "setup", "network")
_SHAPE = ("arch", "memory", "cores", "disk", "hostname", "user", "locale", "prompt")
_MOST_BYTES = 128 << 20
_MOST_TOGETHER = 256 << 20  # bytes of a machine's files, all of which are kept in memory
_PACKAGE = re.compile(r"[a-z0-9][a-z0-9.+-]+")
_IMAGE = re.compile(r"[a-z0-9][\w./:@-]*")
ARCHITECTURES = ("amd64", "arm64")
_USER = re.compile(r"(?!root$)[a-z_][a-z0-9_-]{0,30}")
_HOSTNAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_LOCALE = re.compile(r"[A-Za-z_]+(\.UTF-8)(@[a-z]+)?")


@dataclass(frozen=True)
class GuestFile:
    """A file to put into the guest: its path there, its content, and whether it is executable."""

    path: str
    content: bytes
    is_program: bool = False


@dataclass(frozen=True)
class Layer:
    """A customization of the booted machine: files to put there, then a shell script to run as root."""

    files: tuple[GuestFile, ...] = ()
    setup: str = ""

    @property
    def key(self) -> str:
        """A content hash."""
        digests = [f"{file.path} {file.is_program} {_digest(file.content)}" for file in self.files]
        return _digest("\n".join([*digests, self.setup]).encode())


@dataclass(frozen=True)
class MachineDefinition:
    """One machine: `memory` in MiB, `disk` in GiB, `images` the container images to contain.

    Its disk is made from `image`, or else from packages. `arch` is its architecture by Debian's name, "" for that of
    the host. `layers` are applied to the booted machine in order, those of the parent machine first.
    """

    name: str
    packages: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    layers: tuple[Layer, ...] = ()
    memory: int = 512
    cores: int = 2
    disk: int = 8
    hostname: str = ""
    user: str = DEFAULT_USER
    locale: str = DEFAULT_LOCALE
    prompt: str = DEFAULT_PROMPT
    network: str = "none"
    image: DiskImage | None = None
    arch: str = ""

    @property
    def has_internet(self) -> bool:
        """Whether it has a network card, connected to the internet."""
        return self.network == "internet"


def read_definition(table: Table, parent: MachineDefinition | None) -> MachineDefinition:
    """The machine defined by a table. Lists are appended to the parent's; other settings replace the parent's.

    Reads the files that it refers to. Raises WorkspaceError.
    """
    table.only(*_PARTS, *_SHAPE)
    before = parent or MachineDefinition("")
    network = table.choice("network", ("none", "internet"), before.network)
    layer = Layer(_files(table, before), table.text("setup"))
    disk = table.number("disk", before.disk, DISK, "GiB")
    definition = MachineDefinition(
        name=table.name,
        packages=_added(before.packages, _packages(table)),
        images=_images(table, before.images, network),
        layers=(*before.layers, layer) if layer != Layer() else before.layers,
        memory=table.number("memory", before.memory, MEMORY, "MiB"),
        cores=table.number("cores", before.cores, CORES),
        disk=disk,
        hostname=_matching(table, "hostname", _HOSTNAME, re.sub("[^a-z0-9-]", "-", table.name.lower()).strip("-")),
        user=_matching(table, "user", _USER, before.user),
        locale=_matching(table, "locale", _LOCALE, before.locale),
        prompt=_one_line(table, "prompt", before.prompt),
        network=network,
        image=read_image(table, disk) or before.image,
        arch=table.choice("arch", ARCHITECTURES, before.arch) if "arch" in table.settings else before.arch,
    )
    if definition.image:
        _fits_an_image(table, definition)
    return definition


def _fits_an_image(table: Table, definition: MachineDefinition) -> None:
    """Raises WorkspaceError for settings that only apply to a disk made of packages."""
    if definition.packages:
        raise table.wrong(
            f"packages ({', '.join(definition.packages)}) can't be put into an image",
            'install them in `setup`, from `files` or with network = "internet", or take an image that has them',
        )
    if definition.images:
        raise table.wrong(
            f"images ({', '.join(definition.images)}) can't be put into a machine made of an image",
            'load them in `setup`, from `files` (docker load) or with network = "internet" (docker pull)',
        )


def _packages(table: Table) -> tuple[str, ...]:
    packages = table.names("packages")
    for package in packages:
        if not _PACKAGE.fullmatch(package):
            raise table.wrong(f"packages: {package!r} is not the name of a package")
    return packages


def _images(table: Table, before: tuple[str, ...], network: str) -> tuple[str, ...]:
    images = _added(before, table.names("images"))
    for image in images:
        if not _IMAGE.fullmatch(image):
            raise table.wrong(f"images: {image!r} is not the name of a container image")
        if image not in IMAGES and network == "none":
            raise table.wrong(
                f"images: {image!r} is not available to a machine without internet access",
                f"available: {', '.join(IMAGES)}, and what blocks build from them with docker build; "
                'with network = "internet", all images',
            )
    return images


def _added(before: tuple[str, ...], own: tuple[str, ...]) -> tuple[str, ...]:
    return (*before, *(name for name in own if name not in before))


def _matching(table: Table, setting: str, pattern: re.Pattern[str], default: str) -> str:
    value = table.text(setting, default)
    if not pattern.fullmatch(value):
        raise table.wrong(f"{setting} can't be {value!r}", f"it must match {pattern.pattern}")
    return value


def _one_line(table: Table, setting: str, default: str) -> str:
    value = table.text(setting, default)
    if not value or not value.isprintable():
        raise table.wrong(f"{setting} must be one line of text, not {value!r}")
    return value


def _files(table: Table, before: MachineDefinition) -> tuple[GuestFile, ...]:
    """Read `files = {"/path/in/the/guest" = "path/in/the/workspace"}`, or `{text = "content"}` instead of a path."""
    files = table.settings.get("files", {})
    if not isinstance(files, Mapping):
        raise table.wrong(f'files must be a table such as {{"/etc/motd" = "motd.txt"}}, not {files!r}')
    left = _MOST_TOGETHER - sum(len(file.content) for layer in before.layers for file in layer.files)
    found = []
    for place, source in files.items():
        found.append(_file(table, place, source))
        left -= len(found[-1].content)
        if left < 0:
            raise table.wrong(f"files: with {place} they are larger than {_MOST_TOGETHER >> 20} MiB together")
    return tuple(found)


def _file(table: Table, place: str, source: object) -> GuestFile:
    if not place.startswith("/") or place.endswith("/") or ".." in place.split("/") or not place.isprintable():
        raise table.wrong(f"files: {place!r} is not the absolute path of a file")
    text = source.get("text") if isinstance(source, Mapping) and len(source) == 1 else None
    if isinstance(text, str):
        return GuestFile(place, text.encode())
    if not isinstance(source, str):
        raise table.wrong(f'files: {place} must be a path in the workspace or {{text = "..."}}, not {source!r}')
    if table.folder is None:
        raise table.wrong("files: paths are relative to castdeck.toml, and there is none")
    gate = Gate(table.folder)
    try:
        path = gate.find(table.folder / source)
        status = path.stat()
        content = _content(gate, path, status.st_mtime_ns, status.st_size)
        return GuestFile(place, content, bool(status.st_mode & 0o100))
    except (OSError, Refused) as error:
        reason = error if isinstance(error, Refused) else f"can't be read ({error.strerror})"
        raise table.wrong(f"files: {source} {reason}") from error


@lru_cache(maxsize=32)
def _content(gate: Gate, path: Path, changed: int, size: int) -> bytes:
    """The content of a file, cached until the file changes."""
    return gate.read_bytes(path, most=_MOST_BYTES)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
