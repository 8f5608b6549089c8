"""What `verify` found, for people and for CI."""

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from castdeck.cli.github import annotation
from castdeck.record.drift import Drift
from castdeck.record.verify import Verified
from castdeck.workspace import DeckPlace

Found = Sequence[tuple[DeckPlace, Sequence[Verified]]]
_NOT_IN_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32)))


def text(found: Found) -> str:
    """Each difference with its place and a diff, then a line a deck."""
    lines: list[str] = []
    for place, blocks in found:
        for block in blocks:
            for drift in block.drifts:
                lines += [_headline(place, block, drift), *(f"    {line}" for line in drift.diff)]
        drifted = sum(bool(block.drifts) for block in blocks)
        lines.append(f"{place.name}: {len(blocks) - drifted} blocks still true, {drifted} drifted")
    return "\n".join(lines)


def github(found: Found) -> str:
    """A workflow command a difference."""
    lines: list[str] = []
    for place, blocks in found:
        for block in blocks:
            for drift in block.drifts:
                message = "\n".join((f"{drift.command}: {drift.message}", *drift.diff))
                where = {"file": _file(place, block), "line": drift.line, "title": f"{place.name} has drifted"}
                lines.append(annotation("error", message, **where))
    return "\n".join(lines)


def junit(found: Found) -> str:
    """A JUnit report: https://github.com/testmoapp/junitxml"""
    suites = ElementTree.Element("testsuites", name="castdeck verify")
    for place, blocks in found:
        failures = sum(bool(block.drifts) for block in blocks)
        suite = ElementTree.SubElement(
            suites, "testsuite", name=place.name, tests=str(len(blocks)), failures=str(failures)
        )
        for block in blocks:
            case = ElementTree.SubElement(
                suite, "testcase", classname=place.name, name=block.block.name, time=f"{block.seconds:.3f}"
            )
            case.set("file", str(_file(place, block)))
            case.set("line", str(block.block.line))
            if block.drifts:
                told = "\n".join("\n".join((_headline(place, block, drift), *drift.diff)) for drift in block.drifts)
                failure = ElementTree.SubElement(case, "failure", message=block.drifts[0].message)
                failure.text = told.translate(_NOT_IN_XML)
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True)


REPORTS = {"text": text, "github": github, "junit": junit}


def _headline(place: DeckPlace, block: Verified, drift: Drift) -> str:
    return f"{_file(place, block)}:{drift.line}: {drift.command}: {drift.message}"


def _file(place: DeckPlace, block: Verified) -> Path:
    """The file that the block stands in: the deck's, or one that it includes."""
    return block.block.path or place.path
