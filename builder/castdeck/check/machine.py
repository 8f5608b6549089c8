"""Checks whether the machine has what the commands need."""

import re
import shlex
from collections.abc import Collection, Iterator, Sequence

from castdeck.check.subject import CheckedDeck
from castdeck.check.variables import unset_variables
from castdeck.codes import Code
from castdeck.deck import Block, CommandLine
from castdeck.problems import Problem
from castdeck.record.settings import Settings

_FETCHES = re.compile(
    r"(?:^|[;&|(]\s*|\bsudo\s+(?:-\S+\s+)*)("
    r"apt(?:-get)?\s+(?:-\S+\s+)*(?:update|install|upgrade|full-upgrade|dist-upgrade)|snap\s+install|pip3?\s+install|"
    r"npm\s+(?:install|ci|i)|git\s+clone\s+\S*(?:://|@)|"
    r"(?:curl|wget)\s(?:[^;&|]*\s)?https?://(?!localhost|127\.|\[::1\])"
    r")"
)
_ALONE = re.compile(
    r"-[dihtqP]+|--(?:rm|detach|interactive|tty|init|privileged|publish-all|quiet|read-only|no-.*)|--.*=.*"
)
_TAKES_AN_IMAGE = ("run", "create", "pull")


def machine_problems(files: CheckedDeck, settings: Settings) -> Iterator[Problem]:
    """Blocks that need the internet, container images or variables that the machine lacks."""
    blocks = [block for block in files.deck.blocks if not block.skip]
    if not settings.has_internet:
        yield from _want_internet(files, blocks)
        yield from _want_images(files, blocks, settings.definition.images)
    yield from unset_variables(files, {*settings.secrets, *settings.missing_secrets})


def _want_internet(files: CheckedDeck, blocks: Sequence[Block]) -> Iterator[Problem]:
    for block in blocks:
        if block.needs_internet:
            continue
        for line in block.lines:
            if found := _FETCHES.search(line.text):
                word = found[1].split()[0]
                message = f"{word} wants the internet here, and the machine has none"
                hint = "{needs=internet} runs the block only where there is one; {.norun} only shows it"
                yield files.of(block).problem(Code.WANTS_INTERNET, message, line.line, word, hint)
                break


def _want_images(files: CheckedDeck, blocks: Sequence[Block], ready: Collection[str]) -> Iterator[Problem]:
    known = {_named(image) for image in ready}
    offline = [block for block in blocks if not block.needs_internet]
    for block, line in ((one, line) for one in offline for line in one.lines):
        words = _docker_words(line)
        verb, rest = words[0] if words else "", words[1:]
        if verb in ("build", "commit", "tag", "import", "load", "compose"):
            known |= {_named(word) for word in rest}
        elif verb in _TAKES_AN_IMAGE and (image := _first_argument(rest)) and _named(image) not in known:
            message = f"the machine has no container image {image!r}, and no internet to get it from"
            hint = "images in castdeck.toml's [machine.NAME] lists those that it has; {.norun} only shows the block"
            yield files.of(block).problem(Code.UNKNOWN_CONTAINER_IMAGE, message, line.line, image, hint)


def _docker_words(line: CommandLine) -> list[str]:
    """The arguments of `docker` on a line that begins with it, without the group (`image`, `container`)."""
    try:
        words = shlex.split(line.text, comments=True)
    except ValueError:
        return []
    words = words[1:] if words[:1] == ["sudo"] else words
    if words[:1] != ["docker"]:
        return []
    return words[2:] if words[1:2] in (["image"], ["container"]) else words[1:]


def _first_argument(words: Sequence[str]) -> str:
    """The first word that is neither an option nor an option's value; "" if that is ambiguous."""
    value = False
    for word in words:
        if value or _ALONE.fullmatch(word):
            value = False
        elif word.startswith("-"):
            value = True
        else:
            return word if re.fullmatch(r"[a-z0-9][\w./:@-]*", word) else ""
    return ""


def _named(image: str) -> str:
    return image.removesuffix(":latest")
