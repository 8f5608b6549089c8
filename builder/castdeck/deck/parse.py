"""Text to Deck: read front matter, parse with included files, cut at separators, make slides."""

from pathlib import Path

from castdeck.deck.block_comments import take_block_comments
from castdeck.deck.files import FileReader
from castdeck.deck.frontmatter import read_front_matter
from castdeck.deck.include import ReadFile, no_files
from castdeck.deck.language import Language, language_of, with_shell
from castdeck.deck.layouts import lay_out
from castdeck.deck.model import Deck
from castdeck.deck.parts import cut, property_problems, without_empty
from castdeck.deck.slides import make_slides
from castdeck.deck.source import normalise
from castdeck.deck.typography import typeset


def parse_deck(
    text: str, path: Path, read_file: ReadFile = no_files, language: Language | None = None, shell: str = ""
) -> Deck:
    """Parse a deck's text; `read_file` reads the files that it includes.

    `language` is passed if it is already known. `shell` is what blocks are typed into where the front matter names no
    other; "" for bash. Raises DeckError, with file and line, for invalid front matter and
    variables; anything else becomes slides.
    """
    settings, body = read_front_matter(normalise(text), path)
    language = language or language_of(with_shell(settings, shell), body, path)
    settings, dialect = language.settings, language.dialect
    files = FileReader(language, read_file)
    problems = files.problems
    tokens = list(take_block_comments(files.tokens(body, path), path, problems))
    problems += [language.told] if language.told else []
    parts = cut(tokens, path)
    if dialect.mend:
        dialect.mend(parts, settings)
    parts = without_empty(parts, path)
    problems += property_problems(parts, dialect)
    title = settings.get("title") or parts[0].properties.title
    slides = make_slides(lay_out(parts, problems), path, problems, dialect, str(settings.get("shell") or ""))
    for slide in slides:
        typeset((*slide.tokens, *slide.notes), settings)
    title = str(title or next((slide.title for slide in slides if slide.title), path.stem))
    problems.sort(key=lambda problem: (problem.path != path, str(problem.path), problem.line or 0))
    return Deck(path, title, slides, settings, tuple(problems), dialect.name)
