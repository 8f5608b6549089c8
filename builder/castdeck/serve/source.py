"""Parses a deck incrementally, only where its text changed.

`read` parses everything; `reread` parses only the pieces that changed, each alone, and keeps the other slides. A deck
whose slides depend on each other or on their position (by link definitions, footnotes, layouts, or anything else that
makes `reread` differ from `read`) is `entangled`, and is always parsed as a whole. Slides with equal fingerprints are
equal. Touches no disk, clock, process or network.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

from markdown_it.token import Token

from castdeck.deck import Block, Deck, ReadFile, Slide, no_files, parse_deck
from castdeck.deck.dialects.guess import SETTING, line_signs
from castdeck.deck.frontmatter import read_front_matter
from castdeck.deck.language import Language, language_of, with_shell
from castdeck.deck.parts import COMMENTS
from castdeck.deck.slug import Ids
from castdeck.deck.source import normalise
from castdeck.deck.text import DeckText, Remembering
from castdeck.serve.pieces import Piece, Recut, cut, recut

_REACHES_FAR = re.compile(
    r"^[ \t>]{0,3}\[[^\]\n]+\]:|\^\[|^ {0,3}(?:include|src|template|build-lists|footer|slidenumbers):"
    r"|^ {0,3}\{\{[<%]\s*/?section\b"
    r"|^layout:[ \t]*(?:true|false)\b"
    r"|^[ \t>]*[A-Z][A-Z0-9_]*=\S*\s+[A-Z][A-Z0-9_]*="  # variables, which other blocks may use
    r"|^ {0,3}<<<|<!--\s*[a-z]\w*:"  # included files, and Marp's directives
    r"|^ {0,3}\{[^\n]*\}\s*(?:\Z|^ {0,3}(?:-{2,}|\?{3}|\+{3}|<!--))",  # attributes by a separator
    re.MULTILINE,
)
_NUMBERED = re.compile(r"(.*)-\d+")


@dataclass(frozen=True)
class ParsedSource:
    """A parsed deck, with what `reread` needs to parse only changes of it.

    `wanted` is the id that each slide would have without the other slides. `shell` is the workspace's ("" for bash).
    `head` is the front matter as written. `pieces` is None until `with_pieces` adds them. Line numbers of slides that
    `reread` parsed count from the beginning of their piece.
    """

    deck: Deck
    text: DeckText
    head: str
    language: Language
    pieces: tuple[Piece, ...] | None
    wanted: tuple[str, ...]
    entangled: bool
    shell: str


def read(main: str, path: Path, read_file: ReadFile = no_files, *, shell: str) -> ParsedSource:
    """Parse the whole deck; `shell` is the workspace's. Raises DeckError."""
    text = normalise(main)
    files = Remembering(read_file)
    settings, body = read_front_matter(text, path)
    language = language_of(with_shell(settings, shell), body, path)
    deck = parse_deck(text, path, files, language)
    head = text[: len(text) - len(body.lstrip("\n"))] if body != text else ""
    entangled = "template" in settings or language.dialect.has_own_first or bool(_REACHES_FAR.search(body))
    ids = tuple(slide.id for slide in deck.slides)
    return ParsedSource(deck, files.text(text), head, language, None, ids, entangled, shell)


def with_pieces(source: ParsedSource) -> ParsedSource:
    """Add pieces and wanted ids, so that `reread` can be quick."""
    pieces = cut(source.text.main[len(source.head) :], source.language, bool(source.head))
    filled = _filled(pieces)
    is_only_a_comment = len(filled) == 1 and COMMENTS.fullmatch(filled[0].text, filled[0].begin)
    if is_only_a_comment or len(filled) != len(source.deck.slides):
        return replace(source, pieces=pieces, entangled=True)
    known = set(source.wanted)
    wanted = tuple(
        _alone(piece, source).id if _may_be_numbered(slide.id, known) else slide.id
        for piece, slide in zip(filled, source.deck.slides, strict=True)
    )
    return replace(source, pieces=pieces, wanted=wanted)


def reread(old: ParsedSource, main: str, read_file: ReadFile = no_files, *, shell: str) -> ParsedSource:
    """The same as `read`, but reuse slides of `old` if possible. Raises DeckError."""
    text = normalise(main)
    path = old.deck.path
    if old.entangled or old.pieces is None or old.shell != shell or not _same_head(old, text):
        fresh = read(text, path, read_file, shell=shell)
        return replace(fresh, entangled=fresh.entangled or (old.entangled and old.head == fresh.head))
    change = recut(old.pieces, text[len(old.head) :], old.language, bool(old.head))
    changed = change.pieces[change.start : change.stop]
    if any(map(_reaches_far, changed)) or _may_be_another_dialect(old, change, changed):
        return read(text, path, read_file, shell=shell)
    kept = _numbers(old.pieces)
    slides: list[Slide] = []
    wanted: list[str] = []
    for number in _numbers(change.pieces):
        before = number if number < change.start else number - change.stop + change.old_stop
        if not change.start <= number < change.stop and before in kept:
            slides.append(old.deck.slides[before - kept.start])
            wanted.append(old.wanted[before - kept.start])
        else:
            slides.append(_alone(change.pieces[number], old))
            wanted.append(slides[-1].id)
    below = [False, *(piece.vertical for piece in _filled(change.pieces)[1:])]
    slides = [
        slide if slide.vertical == vertical else replace(slide, vertical=vertical)
        for slide, vertical in zip(slides, below, strict=True)
    ]
    taken = Ids()
    same = tuple(wanted) == old.wanted
    names = [slide.id for slide in old.deck.slides] if same else [taken.take(name) for name in wanted]
    slides = [slide if slide.id == name else _with_id(slide, name) for slide, name in zip(slides, names, strict=True)]
    title = _title(old.deck.settings, slides, path)
    deck = replace(old.deck, slides=tuple(slides), title=title)
    return replace(old, deck=deck, text=DeckText(text), pieces=change.pieces, wanted=tuple(wanted))


def fingerprint(slide: Slide) -> int:
    """A hash, the same in all processes, of everything that affects how a slide looks and runs. Line numbers do not."""
    blocks = tuple((repr(_without_lines(block)), *(line.text for line in block.lines)) for block in slide.blocks)
    tokens, notes = (tuple(map(_token_mark, tokens)) for tokens in (slide.tokens, slide.notes))
    looks = (slide.id, slide.title, slide.vertical, dict(slide.attributes), blocks, tokens, notes, slide.path)
    return int.from_bytes(blake2b(repr(looks).encode(), digest_size=8).digest())


def _without_lines(block: Block) -> Block:
    return replace(block, line=0, lines=(), skip=block.skip and replace(block.skip, line=0))


def _token_mark(token: Token) -> tuple[object, ...]:
    children = tuple(map(_token_mark, token.children or ()))
    return (token.type, token.tag, token.content, token.info, token.hidden, token.attrs, token.meta, children)


def _reaches_far(piece: Piece) -> bool:
    """Whether other slides may depend on the piece, or the piece may not be a slide."""
    return bool(_REACHES_FAR.search(piece.text) or COMMENTS.fullmatch(piece.text, piece.begin))


def _may_be_another_dialect(old: ParsedSource, change: Recut, changed: Sequence[Piece]) -> bool:
    """Whether the change may affect the detection of the dialect."""
    if SETTING in old.deck.settings:
        return False
    assert old.pieces is not None
    before = _signs(old.pieces[change.start : change.old_stop])
    return before != _signs(changed)


def _signs(pieces: Sequence[Piece]) -> Counter[tuple[str, int]]:
    text = "".join(piece.text for piece in pieces)
    return Counter((sign.dialect, sign.points) for sign in line_signs(text))


def _alone(piece: Piece, source: ParsedSource) -> Slide:
    """Parse one piece on its own; the slide has the id that it would have without other slides."""
    above = source.head or ("\n" if piece.begin else "")
    deck = parse_deck(above + piece.text, source.deck.path, language=source.language)
    return replace(deck.slides[0], vertical=piece.vertical)


def _same_head(old: ParsedSource, text: str) -> bool:
    """Whether the front matter is unchanged, including its end."""
    if old.head:
        return old.head.endswith("\n") and text.startswith(old.head)
    return text.startswith("---") == old.text.main.startswith("---") and not text.startswith("---")


def _numbers(pieces: Sequence[Piece]) -> range:
    """The range of pieces that are slides: without empty ones at both ends, but at least one."""
    first, last = 0, len(pieces)
    while last - first > 1 and pieces[first].is_empty:
        first += 1
    while last - first > 1 and pieces[last - 1].is_empty:
        last -= 1
    return range(first, last)


def _filled(pieces: Sequence[Piece]) -> Sequence[Piece]:
    numbers = _numbers(pieces)
    return pieces[numbers.start : numbers.stop]


def _may_be_numbered(name: str, known: set[str]) -> bool:
    found = _NUMBERED.fullmatch(name)
    return found is not None and found[1] in known


def _with_id(slide: Slide, name: str) -> Slide:
    blocks = tuple(replace(block, name=f"{name}-{block.number}", slide_id=name) for block in slide.blocks)
    names = {old.name: new.name for old, new in zip(slide.blocks, blocks, strict=True)}

    def renamed(tokens: Sequence[Token]) -> tuple[Token, ...]:
        return tuple(
            token.copy(meta={**token.meta, "block": names[token.meta["block"]]})
            if token.meta.get("block") in names
            else token
            for token in tokens
        )

    return replace(slide, id=name, blocks=blocks, tokens=renamed(slide.tokens), notes=renamed(slide.notes))


def _title(settings: Mapping[str, object], slides: Iterable[Slide], path: Path) -> str:
    return str(settings.get("title") or next((slide.title for slide in slides if slide.title), path.stem))
