"""Variables that nothing sets."""

from pathlib import Path

import pytest

from castdeck.check.subject import CheckedDeck, subjects
from castdeck.check.variables import unset_variables
from castdeck.deck import parse_deck
from castdeck.deck.text import DeckText


def found(*commands: str) -> list[str]:
    text = "\n\n".join(f"```bash\n{command}\n```" for command in commands)
    deck = parse_deck(text, Path("deck.md"))
    files = CheckedDeck(deck, subjects(deck, DeckText(text), 80))
    return [f"{problem.line}: {problem.message}" for problem in unset_variables(files, {"TOKEN"})]


def test_a_variable_that_nothing_sets_is_told_once() -> None:
    assert found('docker pull debian:$VERSION\necho "$VERSION"') == [
        "2: nothing before this sets $VERSION, so it is empty"
    ]
    assert found("echo a", 'curl "http://${ADDRESS}/"') == ["6: nothing before this sets $ADDRESS, so it is empty"]


@pytest.mark.parametrize(
    "commands",
    [
        ["VERSION=12", "echo $VERSION"],
        ["export VERSION=12; echo $VERSION"],
        ["read -r NAME", "echo $NAME"],
        ["for N in 1 2; do echo $N; done"],
        ["echo ${VERSION:-12} $HOME $TOKEN $name $1 $?"],
        ["awk '{print $NF}' <<'EOF'\n$VERSION\nEOF"],
        [". ./settings.sh", "echo $VERSION"],
    ],
)
def test_one_that_is_set_or_known_is_not(commands: list[str]) -> None:
    assert not found(*commands)
