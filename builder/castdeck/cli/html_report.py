"""A page that tells what `verify` found: decks, blocks, differences, and how earlier verifications went."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from jinja2 import Environment, PackageLoader

from castdeck import __version__
from castdeck.cli.words import count
from castdeck.problems import plain
from castdeck.record.verdict import SessionVerdict
from castdeck.record.verified import Verification

Trends = Mapping[str, Sequence[Verification]]
"""The earlier verifications of each session by its id, the oldest first."""


def html(verdicts: Sequence[SessionVerdict], trends: Trends, when: datetime) -> str:
    """The page, on its own: no script, nothing from elsewhere."""
    drifted = sum(bool(block.drifts) for verdict in verdicts for block in verdict.blocks)
    lost = sum(bool(verdict.failure) for verdict in verdicts)
    blocks = sum(len(verdict.blocks) for verdict in verdicts)
    parts = [f"{drifted} of {blocks} blocks drifted" if drifted else f"{count(blocks, 'block')} as recorded"]
    parts += [f"{count(lost, 'session')} not run"] * bool(lost)
    environment = Environment(
        loader=PackageLoader("castdeck.cli", "."), autoescape=True, trim_blocks=True, finalize=_plain
    )
    return environment.get_template("report.html.j2").render(
        headline=", ".join(parts),
        status=drifted or lost,
        when=_told(when),
        version=__version__,
        sessions=[_session(verdict, trends.get(verdict.id, ())) for verdict in verdicts],
    )


def _session(verdict: SessionVerdict, trend: Sequence[Verification]) -> dict[str, object]:
    earlier = [
        {"when": _told(datetime.fromtimestamp(one.when, UTC)), "drifted": one.drifted, "blocks": one.blocks}
        for one in trend
    ]
    return {"id": verdict.id, "failure": verdict.failure, "blocks": verdict.blocks, "trend": earlier}


def _told(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%-d %b %Y, %H:%M UTC")


def _plain(value: object) -> object:
    return plain(value) if isinstance(value, str) else value
