"""Parses shell code with tree-sitter's bash grammar: its commands, and which text is quoted."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

_LANGUAGE = Language(tree_sitter_bash.language())
_CHUNK = 4096
_DEEPEST = 30  # commands in commands: `$($(...))`, whose arguments each hold all that is below them
_MOST_PIPES = 1000  # the parser takes time with their square, and is not to be stopped meanwhile
_AT_LEAST, _PER_BYTE = 0.05, 8e-6  # seconds: real code takes a tenth, what repeats a mistake the square of its length
_MASK = "\0"
_MASKED = frozenset({
    "raw_string", "ansi_c_string", "string", "translated_string", "heredoc_body", "heredoc_start", "heredoc_end",
    "test_command", "arithmetic_expansion", "expansion", "regex", "extglob_pattern", "number", "herestring_redirect",
})  # fmt: skip
_TEST = re.compile(rb"\[\[?\s|\(\(")
_HEREDOC = re.compile(r"<<-?[ \t]*[\"'\\\\]?(\w+)")
_AS_GRAMMAR_READS_IT: tuple[tuple[re.Pattern[bytes], bytes | Callable[[re.Match[bytes]], bytes]], ...] = (
    (re.compile(rb"(?<=[\s\d;&|(])<>(?=[ \t]*[^\s>])"), b"< "),
    (re.compile(rb";;&(?=\s)"), b";; "),
    (re.compile(rb"(?<![;&]);&(?=\s)"), b";;"),
    (re.compile(rb"(?<=\s)\\[<>](?=\s)"), b"= "),
    (re.compile(rb"(?<=[ \t])[!*+?@]\([^()\s'\"$`]+\)"), lambda found: b"_" * len(found[0])),
    (
        re.compile(rb"((?<!<)<<-?[ \t]*([\"']?)[A-Za-z_]\w*\2)(>>?)"),
        lambda found: found[1] + b" " * len(found[3]),
    ),
    (
        re.compile(rb"(?<!<)<<-?[ \t]*([\"'\\]?)[A-Za-z_]\w*\1(?=[ \t][^\n;|&<]{0,40}<<-?[ \t]*[\"'\\]?[A-Za-z_])"),
        lambda found: b" " * len(found[0]),
    ),
)
"""What the grammar does not know, and something as long that it does know.

In this order: `<>`, `;;&`, `;&`, `[ a \\< b ]`, `!(a|b)`, a redirect right behind the word of a here-document
(`<<EOF>file`), and all here-documents of a command but the last, whose end is the end of all.
"""
_QUOTES = frozenset({"string", "raw_string", "ansi_c_string"})
_NESTS = frozenset({"command_substitution", "process_substitution"})
_USES = frozenset({"simple_expansion", "expansion"})
_RUN_HERE = frozenset({"source", ".", "eval", "ssh", "su"})
_ASSIGN = frozenset({"read", "mapfile", "readarray", "printf", "getopts"})
_HEADS = {"compound_statement": 0, "subshell": 0, "do_group": 0, "if_statement": 1}  # parts besides what is run


@dataclass(frozen=True)
class SimpleCommand:
    """A simple command: its name, its arguments, and its line (from 0). Quoted text is masked.

    `written` is the name as written. `is_nested` is true inside `$(...)`. `has_terminal` is true where it is run at
    once, and neither a pipe nor a file is its input.
    """

    name: str
    arguments: tuple[str, ...]
    row: int
    written: str = ""
    is_nested: bool = False
    has_terminal: bool = False


@dataclass(frozen=True)
class Comment:
    """A comment without its `#`, and its line (from 0). `is_alone` is true if it has its line to itself."""

    text: str
    row: int
    is_alone: bool


@dataclass(frozen=True)
class Script:
    """Parsed shell code.

    `error_row` is the line (from 0) of a syntax error or unfinished command, None if there is none. `bare` is the code
    with comments blanked and with quotes, here-documents, tests and arithmetic masked. `quoted` are the quoted texts
    with their lines, `defined` the functions and aliases defined.
    """

    error_row: int | None
    commands: tuple[SimpleCommand, ...]
    bare: str
    quoted: tuple[tuple[str, int], ...]
    comments: tuple[Comment, ...]
    defined: frozenset[str]

    @property
    def is_whole(self) -> bool:
        """Whether bash would accept it without waiting for more input."""
        return self.error_row is None


def read_bash(code: str) -> Script:
    """Parse shell code."""
    source = _as_grammar_reads_it(f"{code}\n".encode(errors="replace"))
    root = _parsed(source)
    if root is None:
        return Script(0, (), "\n" * code.count("\n"), (), (), frozenset())
    masked = bytearray(source)
    commands, quoted, comments, defined = [], [], [], set()
    error_row = None
    for node, is_nested, has_terminal in _nodes(root):
        if error_row is None and (node.is_error or node.is_missing or _is_empty_group(node) or _is_no_end(node)):
            error_row = node.start_point.row
        if node.type == "comment":
            _fill(masked, node, " ")
            comments.append(_comment(node, source))
        elif node.type in _MASKED and not _is_glob(node, source):
            _fill(masked, node, _MASK)
            if node.type.endswith("string"):
                quoted.append((_text(source, node), node.start_point.row))
        elif node.type == "command" and _begins_word(node, source):
            commands.append((node, is_nested, has_terminal))
        elif node.type == "function_definition" and (name := node.child_by_field_name("name")):
            defined.add(_text(source, name))
    if root.has_error and error_row is None:
        error_row = root.start_point.row
    blank = bytes(masked)
    read = tuple(_command(node, blank, source, is_nested, terminal) for node, is_nested, terminal in commands)
    defined.update(word.split("=")[0] for command in read if command.name == "alias" for word in command.arguments)
    return Script(error_row, read, masked.decode()[:-1], tuple(quoted), tuple(comments), frozenset(defined))


def _as_grammar_reads_it(source: bytes) -> bytes:
    for unknown, known in _AS_GRAMMAR_READS_IT:
        source = unknown.sub(known, source)
    return source


@lru_cache(maxsize=4)
def _parsed(source: bytes) -> Node | None:
    """The syntax tree of some code; None if parsing takes too long. It is asked for in turns by those who read it."""
    if source.count(b"|") > _MOST_PIPES:
        return None
    end = time.thread_time() + _AT_LEAST + _PER_BYTE * len(source)
    try:
        tree = Parser(_LANGUAGE).parse(
            lambda place, _: source[place : place + _CHUNK],
            progress_callback=lambda *_: time.thread_time() > end,
        )
    except ValueError:
        return None
    return tree.root_node


def syntax_tree(code: str) -> Node | None:
    """The root of the code's syntax tree; None if parsing takes too long."""
    return _parsed(f"{code}\n".encode(errors="replace"))


def is_whole(code: str) -> bool:
    """Whether the code is complete: no quote, here-document, loop or backslash waits for another line."""
    return read_bash(code).is_whole


_MOST_TRIED = 2_000  # characters
_ENDS = ("'", '"', "`", ")", "))", "]]", "\nfi", "\ndone", "\nesac", "\n}", "\n:", "\n:\nfi", "\n:\ndone", "\n:\n}")


def waits_for_more(code: str) -> bool:
    """Whether bash would ask for another line, because an end is missing, rather than refuse the code.

    Each end is tried, so this is taken for true of a long text.
    """
    if code.endswith("\\") or len(code) > _MOST_TRIED:
        return True
    ends = (*_ENDS, *(f"\n{word}" for word in _HEREDOC.findall(code)))
    return not is_whole(code) and any(is_whole(code + end) for end in ends)


def quoted_rows(code: str) -> frozenset[int]:
    """The lines (from 0) that begin inside a here-document or quotes."""
    root = syntax_tree(code)
    rows: set[int] = set()
    for node, *_ in _nodes(root) if root else ():
        if node.type == "heredoc_body":
            rows.update(range(node.start_point.row, node.end_point.row))
        elif node.type in _QUOTES:
            rows.update(range(node.start_point.row + 1, node.end_point.row + 1))
    return frozenset(rows)


def _nodes(node: Node) -> Iterator[tuple[Node, bool, bool]]:
    """Walk the node and its descendants in source order, without entering masked ones.

    Also yields whether a node is inside `$(...)`, and whether what stands there reads from the terminal: looking up a
    node's parents is slow in a wide or deep tree.
    """
    pending = [(node, 0, False)]
    while pending:
        one, depth, has_terminal = pending.pop()
        yield one, depth > 0, has_terminal
        if (one.type not in _MASKED or one.has_error) and depth <= _DEEPEST:
            below, gives = depth + (one.type in _NESTS), _gives_terminal(one, has_terminal)
            pending.extend((child, below, gives) for child in reversed(one.children))


def _is_empty_group(node: Node) -> bool:
    parts = sum(child.type != "comment" for child in node.named_children)
    return parts <= _HEADS.get(node.type, -1)


def _is_no_end(node: Node) -> bool:
    """Whether it is no end of a here-document: the grammar makes one up in a text that has none."""
    if node.type != "heredoc_end" or not node.parent:
        return False
    start = next((child.text for child in node.parent.children if child.type == "heredoc_start"), b"") or b""
    return (node.text or b"").strip() != re.sub(rb"[\"'\\]", b"", start)


def _command(node: Node, masked: bytes, source: bytes, is_nested: bool, has_terminal: bool) -> SimpleCommand:
    name = node.child_by_field_name("name")
    arguments = (_text(masked, child) for child in node.children_by_field_name("argument"))
    row = (name or node).start_point.row
    names = (_text(text, name) if name else "" for text in (masked, source))
    has_terminal = has_terminal and not any(map(_is_input, node.children))
    return SimpleCommand(next(names), tuple(arguments), row, next(names), is_nested, has_terminal)


def _gives_terminal(node: Node, has_terminal: bool) -> bool:
    """Whether the commands of a node, which reads from the terminal or not, read from it."""
    if node.type == "redirected_statement":
        return has_terminal and not any(map(_is_input, node.children))
    return node.type == "program" or (node.type == "list" and has_terminal)


def _is_input(node: Node) -> bool:
    """Whether it is a redirect that something is read from."""
    is_file = node.type == "file_redirect" and any(child.type.startswith("<") for child in node.children)
    return is_file or node.type in ("heredoc_redirect", "herestring_redirect")


def _is_glob(node: Node, source: bytes) -> bool:
    """Whether what the grammar parses as a test is a glob: bash requires a blank after the bracket of a test."""
    return node.type == "test_command" and not _TEST.match(source, node.start_byte)


def _begins_word(node: Node, source: bytes) -> bool:
    """Whether the command's name begins a word: the grammar splits `a=$b.$c.d` in two."""
    name = node.child_by_field_name("name") or node
    return not name.start_byte or source[name.start_byte - 1 : name.start_byte] in b" \t\n;|&({!`)"


def _comment(node: Node, source: bytes) -> Comment:
    before = source[source.rfind(b"\n", 0, node.start_byte) + 1 : node.start_byte]
    return Comment(_text(source, node).lstrip("#").strip(), node.start_point.row, not before.strip())


def _text(source: bytes, node: Node) -> str:
    return source[node.start_byte : node.end_byte].decode(errors="replace")


def _fill(masked: bytearray, node: Node, filler: str) -> None:
    for place in range(node.start_byte, node.end_byte):
        if masked[place] != ord("\n"):
            masked[place] = ord(filler)


@dataclass(frozen=True)
class Variables:
    """The variables that code sets, and those that it uses without a default, with their lines (from 0).

    `may_set_any` is true if it sources other code into the same shell.
    """

    assigned: frozenset[str]
    used: tuple[tuple[str, int], ...]
    may_set_any: bool


def read_variables(code: str) -> Variables:
    """Find the variables of shell code."""
    source = f"{code}\n".encode(errors="replace")
    assigned: set[str] = set()
    used = []
    may_set_any = False
    root = _parsed(source)
    pending: list[tuple[Node, Node | None]] = [(root, None)] if root else []
    while pending:
        node, above = pending.pop()
        pending.extend((child, node) for child in reversed(node.children))
        if node.type == "variable_name":
            name = _text(source, node)
            if above and above.type in _USES and _text(source, above) in (f"${name}", f"${{{name}}}"):
                used.append((name, node.start_point.row))
            elif above and above.type not in ("expansion", "subscript"):
                assigned.add(name)
        elif node.type == "command":
            command = _command(node, source, source, is_nested=False, has_terminal=False)
            may_set_any = may_set_any or command.name in _RUN_HERE
            if command.name in _ASSIGN:
                assigned.update(command.arguments)
    return Variables(frozenset(assigned), tuple(used), may_set_any)
