"""How much memory this computer has."""

from pathlib import Path

from castdeck.machine.memory import free_memory, installed_memory


def test_the_free_memory_is_what_linux_calls_available(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal:  9 kB\nMemFree:  3 kB\nMemAvailable:   5 kB\n")
    assert free_memory(meminfo) == 5 * 1024


def test_where_the_free_memory_is_not_known_all_counts(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    assert free_memory(meminfo) == installed_memory() > 1 << 20
    meminfo.write_text("MemTotal:  9 kB\n")
    assert free_memory(meminfo) == installed_memory()


def test_no_more_memory_is_free_than_there_is() -> None:
    assert 1 << 20 < free_memory() <= installed_memory()
