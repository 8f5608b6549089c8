"""The tables of codes in docs/check.md, made from the enum. `python -m tests.check.codes_table` writes them."""

from pathlib import Path

from castdeck.codes import Code, Subject

DOCS = Path(__file__).parents[2] / "docs/check.md"
HEADING = "## The codes\n"


def tables() -> str:
    """What stands under HEADING: a table for each subject."""
    return "\n".join(_table(subject) for subject in Subject)


def write() -> None:
    """Put the tables into the docs, in place of those that are there."""
    text = DOCS.read_text(encoding="utf-8")
    before, heading, _ = text.partition(HEADING)
    DOCS.write_text(f"{before}{heading}\n{tables()}", encoding="utf-8")


def _table(subject: Subject) -> str:
    rows = [
        f"| `{code}` | {code.severity} | {code.meaning} | {code.remedy} |" for code in Code if code.subject is subject
    ]
    return "\n".join(
        [f"### {subject.value}", "", "| code | | what it means | what to do |", "|---|---|---|---|", *rows, ""]
    )


if __name__ == "__main__":
    write()
