"""Every character arrives in the machine as it was written: typed into real shells, in sandbox, guest and container."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from castdeck.deck.model import Block, CommandLine
from castdeck.machine.kinds import find_definition
from castdeck.marks import untypable
from castdeck.record.events import Work
from castdeck.record.run import mark_shell, replay_block
from castdeck.workspace import cache_folder
from tests.conftest import needs_bubblewrap
from tests.record.made import a_block, some_settings

END = "end of the text"
SLOW = pytest.mark.slow("builder/castdeck/record", "builder/castdeck/marks.py", "tests/record")
IN_A_CONTAINER = "docker run -it --rm -v ~/box:/box -w /box debian bash"
GUEST = ("docker", "", "~")
TEXTS = {
    "tabs": ["all:", "\techo made", "\t\tls /et\t", "\t"],
    "history and control": ["!!", 'echo "see"!b', "!nosuch $(false) `ls` \\", "^V\x16x", "^[[200~ \x1b[31mred\x1b[0m"],
    "unicode": [
        "e\u0301 nai\u0308ve \u00e9",
        "\U0001f469\u200d\U0001f4bb \U0001f1eb\U0001f1f7",
        "\u05e9\u05dc\u05d5\u05dd",
    ],
    "long lines": ["x" * 5000, "\u4e16\u754c" * 1500],
    "many lines": [f"line {number}\tof three hundred" for number in range(300)],
    "blanks": ["", "  two blanks before, and after  ", "", "'quotes\" and (parentheses", ""],
}
Received = Callable[[Sequence[str]], str]
HERE = (
    pytest.param(("local", "", "~"), marks=needs_bubblewrap, id="sandbox"),
    pytest.param(("local", "bash --norc", "~"), marks=needs_bubblewrap, id="bash inside"),
)


def shells(*guest: pytest.MarkDecorator) -> pytest.MarkDecorator:
    """A test in each shell; that in a guest is marked so, and that in a container there is slow."""
    in_guest = pytest.param(GUEST, marks=(pytest.mark.vm, *guest), id="guest")
    in_container = pytest.param(("docker", IN_A_CONTAINER, "~/box"), marks=(pytest.mark.vm, SLOW), id="container")
    return pytest.mark.parametrize("received", [*HERE, in_guest, in_container], indirect=True, scope="module")


@pytest.fixture(scope="module")
def received(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Received]:
    """received(lines) types a here-document of them, and gives what is in the file then."""
    machine_name, inner, folder = request.param
    terminal = some_settings(tmp_path_factory.mktemp("cache"))
    with find_definition(machine_name, {}).ready(cache_folder(), lambda step: None).started() as machine:
        mark_shell(machine)

        def type_block(block: Block) -> None:
            replay_block(machine, block, terminal, Work(Path("deck.md")), lambda event: None)

        if inner:
            type_block(a_block(inner))

        def receive(lines: Sequence[str]) -> str:
            texts = [f"cat > text <<'{END}'", *lines, END]
            block = a_block("true")
            block = replace(block, lines=tuple(CommandLine(text, number) for number, text in enumerate(texts, 1)))
            type_block(block)
            return machine.run(f"cat {folder}/text")

        yield receive


@shells(SLOW)
@pytest.mark.parametrize("lines", TEXTS.values(), ids=TEXTS)
def test_what_is_typed_is_what_was_written(received: Received, lines: list[str]) -> None:
    assert received(lines) == "".join(f"{line}\n" for line in lines)


@pytest.mark.vm
@pytest.mark.parametrize("received", [GUEST], ids=["guest"], indirect=True, scope="module")
def test_all_of_it_at_once_arrives_in_a_guest(received: Received) -> None:
    lines = [line for text in TEXTS.values() for line in text]
    assert received(lines) == "".join(f"{line}\n" for line in lines)


ANY_LINE = st.text(st.characters(exclude_categories=["Cs", "Zl", "Zp"], exclude_characters="\r\n\x85")).filter(
    lambda line: not untypable(line) and line != END
)


@shells(SLOW)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ANY_LINE, min_size=1, max_size=4))
def test_any_text_at_all(received: Received, lines: list[str]) -> None:
    assert received(lines) == "".join(f"{line}\n" for line in lines)
