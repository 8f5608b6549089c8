"""The disk of a running machine: an overlay of the disk below it, and another one from each checkpoint on."""

import os
from pathlib import Path

from castdeck.machine.qemu.disk import create_disk
from castdeck.machine.qemu.monitor import Monitor
from castdeck.machine.unprivileged import hand_over, take_back


class Overlays:
    """The overlay that a machine writes to, in its run folder."""

    def __init__(self, run_folder: Path, below: Path) -> None:
        self._run_folder, self._below = run_folder, below
        self._count = 0
        self._overlay = self._new(below)

    @property
    def name(self) -> str:
        """The name of the overlay's file."""
        return self._overlay.name

    def name_what_is_below(self, monitor: Monitor, folder: Path) -> None:
        """Make the disk's backing path relative to `folder`, before saving makes it read-only."""
        node = monitor.command("query-block")[0]["inserted"]["node-name"]
        below = os.path.relpath(self._below.resolve(), folder.resolve())
        monitor.command("change-backing-file", device="disk", **{"image-node-name": node, "backing-file": below})

    def keep(self, monitor: Monitor, disk: Path) -> None:
        """Continue on a new overlay; what was written so far becomes `disk`."""
        size = monitor.command("query-block")[0]["inserted"]["image"]["virtual-size"]
        overlay = self._new(disk, size)
        where = {"snapshot-file": overlay.name, "format": "qcow2"}
        monitor.command("blockdev-snapshot-sync", device="disk", mode="existing", **where)
        self.move(disk)
        self._below, self._overlay = disk, overlay

    def move(self, disk: Path) -> None:
        """Move the overlay out of the run folder to `disk`, on the same file system."""
        self._overlay.rename(disk)
        take_back(disk)

    def _new(self, below: Path, size: int | None = None) -> Path:
        """Create an overlay of `below` in the run folder, with a relative backing path.

        If `below` does not exist yet, its size in bytes is required.
        """
        overlay = self._run_folder / f"disk-{self._count}.qcow2"
        self._count += 1
        backing = os.path.relpath(below.resolve(), self._run_folder.resolve())
        unseen = ("-u", str(size)) if size else ()
        create_disk(overlay, "qcow2", backing, *unseen)
        hand_over(self._run_folder, overlay)
        return overlay
