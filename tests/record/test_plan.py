"""What has to be recorded, and why: a deck that changes beside its recordings."""

from pathlib import Path

import pytest

from castdeck.record.plan import RENAMED
from castdeck.record.store import Recordings
from tests.record.made import an_order, record_all

DECK = """# One {#one}

```bash
echo one
```

---

# Prose

Words.

---

# Two {#two}

```bash
echo two
```

---

# Three {#three}

```bash
echo three
```
"""
ALL_FRESH = ["one-1: fresh", "two-1: fresh", "three-1: fresh"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Recordings of DECK."""
    record_all(an_order(DECK, tmp_path / "casts"))
    return tmp_path / "casts"


def told(text: str, folder: Path, **changes: object) -> list[str]:
    plan = an_order(text, folder, **changes).plan()
    states = [f"{one.block.name}: {one.state}{f', {one.why}' if one.why else ''}" for one in plan.blocks]
    states += [f"{one.block.name}: not run, {one.why}" for one in plan.skipped]
    return states + [f"{name}: orphaned" for name in plan.orphans]


def test_without_recordings_every_block_is_new(tmp_path: Path) -> None:
    assert told(DECK, tmp_path / "none") == [
        f"{name}: new, it has no recording" for name in ("one-1", "two-1", "three-1")
    ]


def test_what_was_recorded_is_fresh(folder: Path) -> None:
    assert told(DECK, folder) == ALL_FRESH


def test_another_word_in_the_last_block_makes_only_that_stale(folder: Path) -> None:
    assert told(DECK.replace("echo three", "echo four"), folder) == [
        "one-1: fresh",
        "two-1: fresh",
        "three-1: stale, its commands have changed",
    ]


def test_another_word_in_the_first_block_makes_all_after_it_stale(folder: Path) -> None:
    assert told(DECK.replace("echo one", "echo four"), folder) == [
        "one-1: stale, its commands have changed",
        "two-1: stale, one-1 before it has changed",
        "three-1: stale, one-1 before it has changed",
    ]


@pytest.mark.parametrize(
    ("change", "to"),
    [
        ("Words.", "Other words, and more of them."),
        ("# Prose\n\nWords.\n\n---\n\n# Two {#two}", "# Two {#two}"),
        ("# Two {#two}", "# Another title {#two}"),
        ("# Two {#two}", "# Two {#two}\n\nNote:\nSay it slowly."),
        ("```bash\necho two", "```bash {speed=2 idle=0.5 timeout=5}\necho two"),
        ("# One", "---\npace: {key: 0.2}\ntheme: dark\n---\n\n# One"),
        ("```bash\necho two", "```bash {session=\"\"}\necho two"),
    ],
)  # fmt: skip
def test_prose_titles_notes_and_how_a_cast_is_shown_change_nothing(folder: Path, change: str, to: str) -> None:
    assert change in DECK
    assert told(DECK.replace(change, to), folder) == ALL_FRESH


def test_moving_slides_changes_nothing_while_the_blocks_keep_their_order(folder: Path) -> None:
    one, prose, two, three = DECK.split("\n---\n")
    assert told("\n---\n".join([prose, one, two, three]), folder) == ALL_FRESH
    assert told("\n---\n".join([one, two, three, prose]), folder) == ALL_FRESH


def test_blocks_in_another_order_run_on_another_state(folder: Path) -> None:
    one, _, two, three = DECK.split("\n---\n")
    assert told("\n---\n".join([one, three, two]), folder) == [
        "one-1: fresh",
        "three-1: stale, the blocks before it are others now",
        "two-1: stale, three-1 before it has changed",
    ]


def test_a_slide_with_another_name_takes_its_recording_along(folder: Path) -> None:
    renamed = DECK.replace("{#two}", "{#second}")
    assert told(renamed, folder) == ["one-1: fresh", "second-1: renamed, it was two-1", "three-1: fresh"]
    order = an_order(renamed, folder)
    names = {one.block.name: one.kept_as for one in order.plan().blocks if one.state == RENAMED}
    order.recordings.rename(names, {block.name for block in order.deck.blocks})
    assert told(renamed, folder) == ["one-1: fresh", "second-1: fresh", "three-1: fresh"]
    cast = Recordings(folder).cast("second-1")
    assert cast and cast.title == "second-1"
    assert not (folder / "two-1.cast").exists()


def test_a_block_that_goes_leaves_an_orphan_and_those_after_it_are_stale(folder: Path) -> None:
    one, _, _, three = DECK.split("\n---\n")
    assert told("\n---\n".join([one, three]), folder) == [
        "one-1: fresh",
        "three-1: stale, the blocks before it are others now",
        "two-1: orphaned",
    ]


def test_a_block_put_in_between_is_new_and_those_after_it_are_stale(folder: Path) -> None:
    more = DECK.replace("# Two", "```bash\necho more\n```\n\n---\n\n# Two")
    assert told(more, folder) == [
        "one-1: fresh",
        "slide-1: new, it has no recording",
        "two-1: stale, slide-1 before it has changed",
        "three-1: stale, slide-1 before it has changed",
    ]


@pytest.mark.parametrize("info", ["exit=1", "exit=any", "cols=60", "rows=10"])
def test_what_changes_the_run_makes_the_block_stale(folder: Path, info: str) -> None:
    changed = DECK.replace("```bash\necho three", f"```bash {{{info}}}\necho three")
    assert told(changed, folder)[2] == "three-1: stale, its commands have changed"


def test_a_root_prompt_and_a_placeholder_s_value_are_part_of_the_commands(folder: Path) -> None:
    assert told(DECK.replace("```bash\necho three", "```console\n# echo three"), folder)[2].startswith("three-1: stale")
    assert told(DECK.replace("```bash\necho three", "```console\n$ echo three"), folder)[2] == "three-1: fresh"
    filled = DECK.replace("```bash\necho three", '```bash {fill.what="three"}\necho <what>')
    assert told(filled, folder)[2] == "three-1: fresh"


def test_another_machine_makes_all_stale(folder: Path) -> None:
    states = told(DECK, folder, machine="docker-4567")
    assert states == [f"{name}: stale, the machine has changed" for name in ("one-1", "two-1", "three-1")]


def test_sessions_have_keys_of_their_own(tmp_path: Path) -> None:
    text = DECK.replace("```bash\necho two", "```bash {session=db}\necho two")
    record_all(an_order(text, tmp_path / "casts"))
    assert told(text.replace("echo one", "echo four"), tmp_path / "casts") == [
        "one-1: stale, its commands have changed",
        "two-1: fresh",
        "three-1: stale, one-1 before it has changed",
    ]
    assert told(text.replace("session=db", "session=database"), tmp_path / "casts") == ALL_FRESH


def test_what_cannot_run_is_told_and_changes_nothing(folder: Path) -> None:
    more = DECK.replace("Words.", "```bash {.norun}\nrm -rf /\n```\n\n```bash {needs=internet}\ncurl x\n```\n")
    assert told(more, folder) == [
        *ALL_FRESH,
        "prose-1: not run, it is marked .norun",
        "prose-2: not run, it needs the internet, and the machine has none",
    ]


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[: len(text) // 2],
        lambda text: "\n".join(text.splitlines()[:-1]) + "\n",
        lambda text: text.replace("ok", "no"),
        lambda text: "<<<<<<< HEAD\n" + text,
    ],
    ids=["empty", "cut", "a line short", "another output", "a merge conflict"],
)
def test_a_damaged_cast_is_recorded_again(folder: Path, damage: object) -> None:
    path = folder / "three-1.cast"
    path.write_text(damage(path.read_text(encoding="utf-8")), encoding="utf-8")  # type: ignore[operator]
    assert told(DECK, folder)[2] == "three-1: stale, its cast is missing or damaged"


def test_other_line_ends_are_no_damage(folder: Path) -> None:
    path = folder / "three-1.cast"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert told(DECK, folder) == ALL_FRESH


def test_a_hidden_block_needs_no_cast(tmp_path: Path) -> None:
    text = DECK.replace("```bash\necho two", "```bash {.hidden}\necho two")
    record_all(an_order(text, tmp_path / "casts"))
    assert not (tmp_path / "casts/two-1.cast").exists()
    assert told(text, tmp_path / "casts") == ALL_FRESH
    assert told(DECK, tmp_path / "casts")[1] == "two-1: stale, its cast is missing or damaged"


def test_asked_for_is_recorded_again_whole_or_one_slide(folder: Path) -> None:
    order = an_order(DECK, folder)
    plans = [type(order)(order.deck, order.recordings, order.settings, True, slide).plan() for slide in ("", "two")]
    assert [[one.state for one in plan.blocks] for plan in plans] == [["stale"] * 3, ["fresh", "stale", "fresh"]]


def test_blocks_that_are_not_run_say_why(folder: Path) -> None:
    more = "\n```bash\n```\n\n```bash {needs=internet}\ncurl example.org\n```\n\n```bash {.norun}\nls\n```\n"
    assert told(DECK + more, folder) == [
        *ALL_FRESH,
        "three-2: not run, it is empty",
        "three-3: not run, it needs the internet, and the machine has none",
        "three-4: not run, it is marked .norun",
    ]
