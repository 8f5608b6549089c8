"""Decides what has to be recorded, and why, by comparing blocks with recordings. Runs nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from castdeck.deck.model import Block, Deck
from castdeck.deck.skip import Reason, Skip
from castdeck.record.key import first_key, next_key, own_key
from castdeck.record.neighbours import borrow
from castdeck.record.settings import Settings
from castdeck.record.store import Recordings

FRESH, STALE, NEW, RENAMED, SKIPPED = "fresh", "stale", "new", "renamed", "not run"


@dataclass(frozen=True)
class Planned:
    """A block, the state of its recording, and the reason.

    `before` and `key` are the keys before and after it. `kept_as` is the current name of its recording. `seconds` is
    the duration of its commands in the last recording, if any. `is_asked` is true if it is recorded again although it
    is fresh.
    """

    block: Block
    state: str
    why: str = ""
    before: str = ""
    key: str = ""
    own: str = ""
    kept_as: str = ""
    seconds: float | None = None
    is_asked: bool = False
    skip: Skip | None = None

    @property
    def is_wanted(self) -> bool:
        """Whether it has to be recorded."""
        return self.state in (STALE, NEW)

    @property
    def is_meant(self) -> bool:
        """Whether the author asked not to run it."""
        return self.skip is not None and self.skip.reason in (Reason.NORUN, Reason.CHECK)


@dataclass(frozen=True)
class Plan:
    """All blocks of a deck in order, and the names of recordings without a block."""

    entries: tuple[Planned, ...]
    orphans: tuple[str, ...]

    @property
    def blocks(self) -> tuple[Planned, ...]:
        """The blocks that can be run."""
        return tuple(one for one in self.entries if one.state != SKIPPED)

    @property
    def skipped(self) -> tuple[Planned, ...]:
        """The blocks that can't be run."""
        return tuple(one for one in self.entries if one.state == SKIPPED)

    @property
    def sessions(self) -> tuple[tuple[Planned, ...], ...]:
        """The blocks that can be run, by session."""
        found: dict[str, list[Planned]] = {}
        for one in self.blocks:
            found.setdefault(one.block.session, []).append(one)
        return tuple(map(tuple, found.values()))

    @property
    def is_fresh(self) -> bool:
        """Whether every recording is fresh."""
        return not any(planned.is_wanted for planned in self.blocks)


def plan(deck: Deck, recordings: Recordings, settings: Settings, force: bool = False, slide: str = "") -> Plan:
    """Plan all blocks; with `force`, all of them (or those of `slide`) are recorded again."""
    runnable: dict[str, list[Block]] = {}
    decided: dict[str, Planned] = {}
    for block in deck.blocks:
        if skip := why_not_run(block, settings):
            decided[block.name] = Planned(block, SKIPPED, str(skip), skip=skip)
        else:
            runnable.setdefault(block.session, []).append(block)
    for blocks in runnable.values():
        for planned in planned_session(blocks, recordings, settings, force, slide):
            decided[planned.block.name] = planned
    orphans = recordings.orphans({*decided, *(planned.kept_as for planned in decided.values())})
    return Plan(tuple(decided[block.name] for block in deck.blocks), orphans)


def why_not_run(block: Block, settings: Settings) -> Skip | None:
    """Why a block is never run on this machine, if so."""
    if block.skip:
        return block.skip
    if block.needs_internet and not settings.has_internet:
        return Skip(Reason.NO_INTERNET)
    return None if block.lines else Skip(Reason.EMPTY)


def planned_session(
    blocks: Sequence[Block], recordings: Recordings, settings: Settings, force: bool = False, slide: str = ""
) -> Iterator[Planned]:
    """Plan the blocks of one session, assuming that each succeeds."""
    key = first_key(settings.machine)
    changed = ""
    for block in blocks:
        planned = planned_block(block, key, recordings, settings, force and slide in ("", block.slide_id), changed)
        changed = changed or (block.name if planned.is_wanted else "")
        key = planned.key
        yield planned


def planned_block(
    block: Block, before: str, recordings: Recordings, settings: Settings, force: bool = False, changed: str = ""
) -> Planned:
    """Plan one block on the state `before`; `changed` is the first earlier block that is stale."""
    own = own_key(block, settings.terminal.cols, settings.terminal.rows)
    key = next_key(before, own)
    holder = recordings.holder(block.name, key, block.hidden)
    if not holder and borrow(recordings, block.name, own, key, hidden=block.hidden):
        holder = block.name
    entry = recordings.entry(block.name)
    seconds = entry.seconds if entry else None
    if force:
        state, why = (STALE if entry else NEW), "asked for"
    elif holder == block.name:
        state, why = FRESH, ""
    elif holder:
        state, why = RENAMED, f"it was {holder}"
    elif entry is None:
        state, why = NEW, "it has no recording"
    elif entry.key == key:
        state, why = STALE, "its cast is missing or damaged"
    elif entry.own != own:
        state, why = STALE, "its commands have changed"
    elif entry.machine != settings.machine:
        state, why = STALE, "the machine has changed"
    elif changed:
        state, why = STALE, f"{changed} before it has changed"
    else:
        state, why = STALE, "the blocks before it are others now"
    return Planned(block, state, why, before, key, own, holder or block.name, seconds, force)
