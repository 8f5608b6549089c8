"""What to store of a run: its cast and its index entry, or nothing if they would reveal a secret."""

from datetime import UTC, datetime

from castdeck.cast.cap import capped
from castdeck.cast.model import Cast
from castdeck.cast.recording import label, recording
from castdeck.deck.model import Block
from castdeck.errors import RecordingError
from castdeck.marks import ANY_MARK
from castdeck.record.directives import read_directive
from castdeck.record.drift import lines_of
from castdeck.record.plan import Planned
from castdeck.record.run import Run
from castdeck.record.script import CommandFailed
from castdeck.record.secrets import masked, what_leaks
from castdeck.record.settings import Settings
from castdeck.record.store import Entry, Seen
from castdeck.record.tools import tool_versions

_LEAK = "take it out of the output, or mark the block .shows-secrets if it opens nothing"


def cast_of(run: Run, block: Block, settings: Settings) -> Cast:
    """The cast to store. Raises CommandFailed if it would reveal a secret."""
    session = masked(run.session, settings.secrets)
    for (line, *_), command in zip(lines_of(block, session), session.commands, strict=True):
        leak = what_leaks(command, settings.secrets, with_shapes=not block.shows_secrets)
        if leak:
            raise CommandFailed(line, f"not kept: the recording would show {leak}", hint=_LEAK)
    cast = recording(capped(session), block.cols or settings.terminal.cols, block.rows or settings.terminal.rows)
    if not cast.markers or ANY_MARK.search("".join(event.data for event in cast.events)):
        raise RecordingError("a cast without commands, or with marks left in it", line=block.line, hint="record again")
    return cast


def is_recording_of(entry: Entry, cast: Cast | None, block: Block) -> bool:
    """Whether a recording from elsewhere is one that castdeck itself would have stored for `block`.

    Every command has ended with the right status, no mark is left, and a hidden block has no cast.
    """
    by_keys = {read_directive(line, 0).makes for line in block.lines if line.is_directive}
    right = {block.exit_status, *by_keys}
    if block.exit_status is not None and any(seen.status not in right for seen in entry.commands):
        return False
    if cast is None:
        return block.hidden
    text = "".join(event.data for event in cast.events)
    return 0 < len(cast.markers) == len(entry.commands) and not ANY_MARK.search(text)


def entry_of(run: Run, planned: Planned, settings: Settings) -> Entry:
    """The index entry for a run."""
    commands = masked(run.session, settings.secrets).commands
    seen = tuple(Seen(label(command), command.status, round(command.seconds, 3)) for command in commands)
    return Entry(
        planned.key, planned.own, settings.machine, tool_versions(settings.definition), seen, recorded=_today()
    )


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
