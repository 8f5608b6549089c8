"""Which blocks build on one that failed."""

import pytest

from castdeck.deck.model import Block
from castdeck.record.depends import building_on, made_by
from tests.record.made import a_block, a_deck


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("mkdir -p notes work/deep", {"notes", "work/deep"}),
        ("docker ps --filter name=desk", set()),
        ("declare -x MENU=soup; A1=1 B2=2 env", {"MENU", "A1", "B2"}),
        ("echo hello > greeting.txt", {"greeting.txt"}),
        ("date >log 2>/dev/null", {"log"}),
        ("docker run -d --name web nginx", {"web"}),
        ("docker run --name=api --rm nginx", {"api"}),
        ("docker build --tag=mine:2 .", {"mine:2"}),
        ("docker network create --driver bridge inner", {"inner", "bridge"}),
        ("docker build -t mine:1 .", {"mine:1"}),
        ("git checkout -b fix-it", {"fix-it"}),
        ("TOKEN=$(make-one); export TOKEN", {"TOKEN"}),
        ("python3 -m venv env && ls", {"env"}),
        ("ls /nonexistent; cat missing; cd /tmp", set()),
    ],
)
def test_what_a_block_makes(code: str, names: set[str]) -> None:
    assert made_by(a_block(code)) == names


def blocks(*codes: str) -> tuple[Block, ...]:
    return a_deck("# A {#a}\n\n" + "\n\n".join(f"```bash\n{code}\n```" for code in codes) + "\n").blocks


def test_what_uses_the_name_builds_on_it_and_what_uses_that_too() -> None:
    first, *after = blocks(
        "docker run --name web nosuchimage",
        "docker exec web sh -c 'date' > page.txt",
        "docker run debian true",
        "wc -l page.txt",
        "docker run --name web debian",
        "docker stop web",
    )
    assert [block.name for block in building_on(first, after, ())] == ["a-2", "a-4"]


def test_what_was_there_before_is_not_missed() -> None:
    first, *after = blocks("touch notes; false", "cat notes")
    assert building_on(first, after, ["notes"]) == []
    assert building_on(first, after, []) == after


def test_a_name_within_another_is_no_use_of_it() -> None:
    first, *after = blocks("mkdir web", "ls web-data my.web --web", "ls web/pages")
    assert [block.name for block in building_on(first, after, ())] == ["a-3"]
