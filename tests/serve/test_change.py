"""What is said to a browser when a deck changes."""

from hypothesis import given
from hypothesis import strategies as st

from castdeck.serve.change import Message, NewSection, Sections, change
from castdeck.serve.view import Section, View, columns


def view(*texts: str, **parts: object) -> View:
    """A section a text: "b" stands beside the one before it, ".b" below; "b1" has the id b and a text of its own."""
    sections = tuple(Section(t.lstrip(".")[:1], t.lstrip("."), f"<{t}>", t.startswith(".")) for t in texts)
    return View(sections, **parts)  # type: ignore[arg-type]


def new(id: str, origin: int | None = None) -> NewSection:
    return {"from": origin, "id": id[:1], "key": id, "html": f"<{id}>"}


def said(old: View, fresh: View) -> Sections | None:
    return change(old, fresh).get("sections")


def test_nothing_is_said_when_nothing_changed() -> None:
    assert change(view("a", ".b"), view("a", ".b")) == {}


def test_an_edited_slide_travels_alone() -> None:
    assert said(view("a", "b", "c"), view("a", "b1", "c")) == {"at": 1, "remove": 1, "columns": [[new("b1", 1)]]}


def test_an_inserted_slide_travels_alone() -> None:
    assert said(view("a", "c"), view("a", "b", "c")) == {"at": 1, "remove": 0, "columns": [[new("b")]]}


def test_a_removed_slide_is_only_named() -> None:
    assert said(view("a", "b", "c"), view("a", "c")) == {"at": 1, "remove": 1, "columns": []}


def test_a_moved_slide_is_only_named() -> None:
    assert said(view("a", "b", "c", "d"), view("a", "c", "b", "d")) == {"at": 1, "remove": 2, "columns": [[2], [1]]}


def test_a_slide_with_another_title_is_known_by_its_place() -> None:
    assert said(view("a", "b", "c"), view("a", "x", "c")) == {"at": 1, "remove": 1, "columns": [[new("x", 1)]]}


def test_a_slide_that_goes_below_another_one_is_said_with_its_column() -> None:
    assert said(view("a", "b", "c"), view("a", ".b", "c")) == {"at": 0, "remove": 2, "columns": [[0, 1]]}


def test_other_parts_travel_only_when_they_differ() -> None:
    old, fresh = view("a", title="T", styles={"x": "1"}), view("a", title="T", styles={"x": "2"})
    assert change(old, fresh) == {"styles": {"x": "2"}}


def test_the_edited_slide_is_named_for_those_who_follow() -> None:
    old, fresh = view("a", "b"), view("a", "b", edited=1, edits=1)
    assert change(old, fresh) == {}
    assert change(old, fresh, follow=True) == {"follow": 1}


def apply(old: View, message: Message) -> list[list[str]]:
    """What a browser would show: the keys, column by column."""
    keys = [section.key for section in old.sections]
    before = columns(old.sections)
    part = message.get("sections")
    if not part:
        return [[keys[number] for number in column] for column in before]
    gone = range(part["at"], part["at"] + part["remove"])
    kept = [[keys[number] for number in column] for column in before if column[0] not in gone]
    place = sum(column[0] < part["at"] for column in before)
    come = [[keys[item] if isinstance(item, int) else item["key"] for item in column] for column in part["columns"]]
    used = [item if isinstance(item, int) else item["from"] for column in part["columns"] for item in column]
    named = [number for number in used if number is not None]
    assert len(set(named)) == len(named)
    assert set(named) <= set(gone)
    return kept[:place] + come + kept[place:]


TEXTS = st.lists(st.sampled_from(["a", "b", "b1", "c", ".a", ".b", ".d", "d1"]), max_size=12)


@given(TEXTS, TEXTS)
def test_any_two_decks(one: list[str], other: list[str]) -> None:
    old, fresh = view(*one), view(*other)
    shown = [[fresh.sections[number].key for number in column] for column in columns(fresh.sections)]
    assert apply(old, change(old, fresh)) == shown
