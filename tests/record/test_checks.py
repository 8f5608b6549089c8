"""Checks of a slide, run one after the other on its machine, until one is not done."""

from dataclasses import dataclass, field

import pytest

from castdeck.deck.model import Block
from castdeck.errors import MachineError
from castdeck.record.checks import FAILED, Outcome, checks_beside, run_checks
from tests.record.fake_machine import FakeMachine
from tests.record.made import a_deck

DECK = """# Build {#build}

```bash
make
```

```bash {.check}
test -e one
test -e two
```

```bash {.check timeout=7}
test -e three
```

```bash {.check session=other}
true
```

---

# Next {#next}

```bash {.check}
false
```
"""


@dataclass(eq=False)
class Answers(FakeMachine):
    """Answers each check with the next of `says`, or fails with it."""

    ran: list[str] = field(default_factory=list)
    says: list[str | MachineError] = field(default_factory=list)
    timeouts: list[float] = field(default_factory=list)

    def run(self, script: str, *, as_root: bool = False, stdin: str = "", timeout: float = 60) -> str:
        self.ran.append(stdin)
        self.timeouts.append(timeout)
        said = self.says.pop(0)
        if isinstance(said, MachineError):
            raise said
        return said


def checks() -> tuple[Block, ...]:
    deck = a_deck(DECK)
    return checks_beside(deck, deck.blocks[0])


def test_the_checks_beside_a_block_are_those_of_its_slide_and_its_session() -> None:
    assert [one.name for one in checks()] == ["build-2", "build-3"]


def test_all_are_run_each_with_its_own_time_and_all_are_done() -> None:
    machine = Answers(says=["\n0", "some words\n0"])
    assert run_checks(machine, checks(), 30) == Outcome(True)
    assert machine.ran == ["test -e one\ntest -e two", "test -e three"]
    assert machine.timeouts == [30, 7]


@pytest.mark.parametrize(
    ("printed", "hint"),
    [
        ("\n1", FAILED),
        ("There is no one\n1", "There is no one"),
        ("first\nlast, in \x1b[31mred\x1b[0m\n \n\n2", "last, in red"),
        (f"{'x' * 400}\n1", "x" * 300),
        ("\n127", FAILED),
    ],
)
def test_the_first_that_is_not_done_ends_it_and_its_last_line_is_the_hint(printed: str, hint: str) -> None:
    machine = Answers(says=[printed, "\n0"])
    assert run_checks(machine, checks(), 30) == Outcome(False, hint)
    assert len(machine.ran) == 1


def test_a_check_that_takes_too_long_is_not_done_but_a_machine_that_is_gone_is_an_error() -> None:
    late = MachineError("it did not end within 7 s")
    assert run_checks(Answers(says=["\n0", late]), checks(), 30) == Outcome(False, "it did not end within 7 s")
    with pytest.raises(MachineError):
        run_checks(Answers(says=[late], lost=True), checks(), 30)
