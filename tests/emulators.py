"""The emulators of this cache's machines, as the system sees them."""

from pathlib import Path

from castdeck.workspace import cache_folder


def emulators() -> list[int]:
    """Their process numbers: each runs in a run folder of the cache."""
    runs = (cache_folder() / "run").resolve()
    return [number for number in _processes() if _folder(number).is_relative_to(runs)]


def _processes() -> list[int]:
    return [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]


def _folder(number: int) -> Path:
    try:
        return Path(f"/proc/{number}/cwd").readlink()
    except OSError:
        return Path("/")
