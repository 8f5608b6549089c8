"""What a recording leaves on the disk is for nobody else, and does not stay."""

import os
import tempfile
from pathlib import Path

from castdeck.leftovers import removed_afterwards, temporary_folder
from castdeck.machine.unprivileged import take_back
from castdeck.record.run import _raw_folder


def test_what_a_killed_recording_leaves_is_removed_by_the_next(tmp_path: Path) -> None:
    killed = tmp_path / "run/4711-killed"
    killed.mkdir(parents=True)
    (killed / "raw.cast").write_text("a secret")
    with _raw_folder(tmp_path) as folder, _raw_folder(tmp_path) as other:
        assert not killed.exists()
        assert folder.is_dir() and other.is_dir() and folder.is_relative_to(tmp_path)
        assert folder.stat().st_mode & 0o777 == 0o700
    assert not folder.exists() and not other.exists()


def test_a_cache_with_blanks_in_its_path_is_used_all_the_same(tmp_path: Path) -> None:
    with _raw_folder(tmp_path / "my cache") as folder:
        (folder / "raw.cast").write_text("x")
        assert " " not in str(folder)
        assert folder.resolve().is_relative_to(tmp_path.resolve() / "my cache")
    assert not os.path.lexists(folder)


def test_a_kept_disk_is_read_by_machines_only(tmp_path: Path) -> None:
    disk = tmp_path / "disk.qcow2"
    disk.write_text("x")
    disk.chmod(0o644)
    take_back(disk)
    status = disk.stat()
    assert status.st_uid == os.geteuid()
    assert status.st_mode & 0o777 == (0o600 if os.geteuid() else 0o640)
    assert os.geteuid() or status.st_gid not in os.getgroups()


def test_a_link_in_a_folder_that_is_removed_changes_no_rights_of_its_target() -> None:
    """As Python's TemporaryDirectory does before 3.11.8 (CVE-2023-6597); root would need no rights, so be nobody."""
    me, nobody = os.geteuid(), 65534
    with tempfile.TemporaryDirectory() as name:
        key, closed = Path(name, "key"), Path(name, "built/closed")
        closed.mkdir(parents=True)
        key.touch(0o600)
        (closed / "link").symlink_to(key)
        closed.chmod(0o555)
        if not me:
            for path in (Path(name), key, closed.parent, closed):
                os.chown(path, nobody, -1)
            os.seteuid(nobody)
        try:
            with removed_afterwards(closed.parent):
                pass
        finally:
            os.seteuid(me)
        assert key.stat().st_mode & 0o777 == 0o600
        closed.chmod(0o755)


def test_a_temporary_folder_is_removed_with_its_links_and_nothing_that_they_lead_to(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs/file").touch(0o600)
    with temporary_folder() as folder:
        assert folder.stat().st_mode & 0o777 == 0o700 and folder.is_relative_to(tempfile.gettempdir())
        (folder / "link").symlink_to(tmp_path / "theirs")
        (folder / "closed").mkdir(0o500)
    assert not folder.exists() and (tmp_path / "theirs/file").stat().st_mode & 0o777 == 0o600
