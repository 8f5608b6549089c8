"""Text to Deck: front matter, tokens with those of included files, a cut at each separator, a slide of each part."""

from pathlib import Path

from castdeck.deck.block_comments import take_block_comments
from castdeck.deck.files import Files
from castdeck.deck.frontmatter import read_front_matter
from castdeck.deck.include import ReadFile, no_files
from castdeck.deck.layouts import lay_out
from castdeck.deck.model import Deck
from castdeck.deck.parts import cut
from castdeck.deck.slides import make_slides
from castdeck.deck.source import normalise


def parse_deck(text: str, path: Path, read_file: ReadFile = no_files) -> Deck:
    """Read a deck's text; `read_file` gives the text of a file that it includes.

    Raises DeckError, with its file and line, for front matter and variables that can't be read; all else is slides.
    """
    settings, body = read_front_matter(normalise(text), path)
    files = Files(settings, read_file)
    problems = files.problems
    tokens = list(take_block_comments(files.tokens(body, path), path, problems))
    parts = cut(tokens, path, problems)
    title = settings.get("title") or parts[0].properties.title
    slides = make_slides(lay_out(parts, problems), path, problems)
    title = str(title or next((slide.title for slide in slides if slide.title), path.stem))
    problems.sort(key=lambda problem: (problem.path != path, str(problem.path), problem.line or 0))
    return Deck(path, title, slides, settings, tuple(problems))
