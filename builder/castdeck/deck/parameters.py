"""Finds the positional parameters that code reads: only a script or a function has any."""

from tree_sitter import Node

from castdeck.deck.bash import syntax_tree

_READS = frozenset({"simple_expansion", "expansion"})
_HAS_ITS_OWN = frozenset({"function_definition", "heredoc_body"})
_NAMES = frozenset({"@", "*", "#", *map(str, range(1, 10))})
_SETS = (b"set", b"shift")


def find_parameter(code: str) -> tuple[str, int] | None:
    """The first of `$1`, `$@`, `$#` and the like that nothing in the code sets, with its line (from 0)."""
    if "$" not in code:
        return None
    root = syntax_tree(code)
    pending = [root] if root else []
    while pending:
        node = pending.pop()
        if node.type == "command_name" and node.text in _SETS:
            return None
        if node.type in _READS and (name := _name(node)) in _NAMES:
            return f"${name}", node.start_point.row
        if node.type not in _HAS_ITS_OWN:
            pending.extend(reversed(node.children))
    return None


def _name(node: Node) -> str:
    text = (node.text or b"").decode(errors="replace").strip()
    return text.strip("${}").partition(":")[0]
