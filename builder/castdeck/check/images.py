"""Rules for images: alternative text."""

from collections.abc import Iterator

from castdeck.check.subject import CheckedFile, tokens_of
from castdeck.codes import Code
from castdeck.problems import Problem
from castdeck.start_tags import start_tags


def images_without_alt(subject: CheckedFile) -> Iterator[Problem]:
    """Images without alternative text. `<img alt="">` marks an image as decorative."""
    for slide in subject.deck.slides:
        for token, line in tokens_of(slide):
            if token.type == "image" and not token.content.strip():
                hint = "say what it shows: ![A container and its volume](volume.svg)"
                yield subject.problem(Code.IMAGE_WITHOUT_ALT, "this image has no alt text", line, "![", hint)
            elif token.type.startswith("html_"):
                for below in _without_alt(token.content):
                    hint = 'say what it shows: alt="…"; alt="" where it is only decoration'
                    message = "this image has no alt text"
                    yield subject.problem(Code.IMAGE_WITHOUT_ALT, message, line + below, "<img", hint)


def _without_alt(html: str) -> list[int]:
    """The line offsets of images without alt text."""
    return [tag.line - 1 for tag in start_tags(html) if tag.name == "img" and "alt" not in dict(tag.attributes)]
