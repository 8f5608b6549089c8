"""The files that `castdeck verify --report` writes; the suffix of a name says what kind it is."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from castdeck import atomic
from castdeck.cli.html_report import Trends, html
from castdeck.cli.reports import REPORTS
from castdeck.record.verdict import SessionVerdict, as_json

SUFFIXES = (".html", ".json", ".xml")


def write_reports(paths: Sequence[Path], verdicts: Sequence[SessionVerdict], trends: Trends) -> None:
    """Write each report: a page, the JSON that `castdeck merge` reads, or JUnit's XML. Raises OSError."""
    for path in paths:
        match path.suffix:
            case ".html":
                text = html(verdicts, trends, datetime.now(UTC))
            case ".json":
                text = as_json(verdicts)
            case _:
                text = REPORTS["junit"](verdicts)
        atomic.write(path, text)
