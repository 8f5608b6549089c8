"""What `verify` found, for people and for CI."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.etree import ElementTree

from castdeck.cli.github import annotation
from castdeck.cli.words import count
from castdeck.record.drift import Drift
from castdeck.record.verdict import BlockVerdict, SessionVerdict, as_json

Verdicts = Sequence[SessionVerdict]
_NOT_IN_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF))


def text(verdicts: Verdicts) -> str:
    """Each difference with its place and a diff, then a line a deck."""
    lines: list[str] = []
    for deck, sessions in _by_deck(verdicts):
        blocks = _blocks(sessions)
        for block in blocks:
            for drift in block.drifts:
                lines += [_headline(block, drift), *(f"    {line}" for line in drift.diff)]
        lines += [f"{one.id}: not run: {one.failure}" for one in sessions if one.failure]
        drifted = sum(bool(block.drifts) for block in blocks)
        lines.append(f"{deck}: {count(len(blocks) - drifted, 'block')} as recorded, {drifted} drifted")
    return "\n".join(lines)


def github(verdicts: Verdicts) -> str:
    """A workflow command a difference."""
    lines: list[str] = []
    for deck, sessions in _by_deck(verdicts):
        for block in _blocks(sessions):
            for drift in block.drifts:
                message = "\n".join((f"{drift.command}: {drift.message}", *drift.diff))
                where = {"file": block.file, "line": drift.line, "title": f"{deck} has drifted"}
                lines.append(annotation("error", message, **where))
        lines += [annotation("error", f"{one.id}: not run: {one.failure}") for one in sessions if one.failure]
    return "\n".join(lines)


def junit(verdicts: Verdicts) -> str:
    """A JUnit report: https://github.com/testmoapp/junitxml"""
    suites = ElementTree.Element("testsuites", name="castdeck verify")
    for one in verdicts:
        failures = sum(bool(block.drifts) for block in one.blocks)
        suite = ElementTree.SubElement(
            suites,
            "testsuite",
            name=one.id,
            tests=str(len(one.blocks)),
            failures=str(failures),
            errors=str(int(bool(one.failure))),
        )
        for block in one.blocks:
            case = ElementTree.SubElement(
                suite, "testcase", classname=one.id, name=block.name, time=f"{block.seconds:.3f}"
            )
            case.set("file", str(block.file))
            case.set("line", str(block.line))
            if block.drifts:
                told = "\n".join("\n".join((_headline(block, drift), *drift.diff)) for drift in block.drifts)
                failure = ElementTree.SubElement(case, "failure", message=_xml(block.drifts[0].message))
                failure.text = _xml(told)
        if one.failure:
            case = ElementTree.SubElement(suite, "testcase", classname=one.id, name=one.id, time="0")
            ElementTree.SubElement(case, "error", message=_xml(one.failure))
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True)


REPORTS = {"text": text, "github": github, "json": as_json, "junit": junit}


NOT_RUN = 2
"""The exit status where a session could not be run."""


def exit_status(verdicts: Verdicts) -> int:
    """0 all is as recorded, 1 something has drifted, 2 a session could not be run."""
    if any(verdict.failure for verdict in verdicts):
        return NOT_RUN
    return int(any(block.drifts for verdict in verdicts for block in verdict.blocks))


def _by_deck(verdicts: Verdicts) -> Iterator[tuple[str, list[SessionVerdict]]]:
    for deck, sessions in groupby(verdicts, key=lambda one: one.deck):
        yield deck, list(sessions)


def _blocks(sessions: Verdicts) -> list[BlockVerdict]:
    return sorted((block for one in sessions for block in one.blocks), key=lambda block: block.line)


def _headline(block: BlockVerdict, drift: Drift) -> str:
    return f"{block.file}:{drift.line}: {drift.command}: {drift.message}"


def _xml(told: str) -> str:
    return told.translate(_NOT_IN_XML)
