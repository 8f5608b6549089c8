"""Finds table rows with too many cells, for example due to an unescaped `|` in code."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from castdeck.codes import Code
from castdeck.problems import Place, Problem

_OF_TABLES = frozenset({"table_open", "th_open", "tbody_open", "tr_open"})


def lost_cells(tokens: Sequence[Token], lines: Sequence[str], path: Path) -> Iterator[Problem]:
    """Report each row with more cells than its table has columns."""
    columns, is_body = 0, False
    for token in tokens:
        kind = token.type
        if kind not in _OF_TABLES:
            continue
        if kind == "table_open":
            columns, is_body = 0, False
        columns += kind == "th_open"
        is_body = is_body or kind == "tbody_open"
        if kind != "tr_open" or not is_body or not token.map or token.map[0] >= len(lines):
            continue
        line = lines[token.map[0]]
        if line.count("|") < columns or (line.startswith("|") and line.count("|") == columns + 1):
            continue
        cells = _cells(line)
        if len(cells) > columns and any(cell.strip() for cell in cells[columns:]):
            lost = " | ".join(cell.strip() for cell in cells[columns:])
            message = f"this row has {len(cells)} cells in a table of {columns} columns: {lost} is not shown"
            hint = r"\| is a | within a cell, in code too"
            yield Problem(Code.LOST_CELLS, Place(path, token.map[0] + 1), message, hint)


def _cells(line: str) -> list[str]:
    cells = escapedSplit(line.strip().lstrip("> "))
    if cells and not cells[0].strip():
        cells.pop(0)
    if cells and not cells[-1].strip():
        cells.pop()
    return cells
