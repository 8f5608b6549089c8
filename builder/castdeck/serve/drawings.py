"""The rendered slides of one deck. A change renders the slides that it affects, and missing ones later."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from castdeck.deck import Deck
from castdeck.serve.drawing import Drawing
from castdeck.serve.reader import Places, draw_slide
from castdeck.serve.source import fingerprint

AT_ONCE = 40
NEAR = 5


class Drawings:
    """For each slide of a deck, in order, its drawing, or None if it is not rendered yet.

    `around` is the number of the slide that is being viewed. `edits` counts the changes of slides; `edited` is the
    number of the first slide that the last change affected.
    """

    def __init__(self) -> None:
        self.around = 0
        self.edited = self.edits = 0
        self._all: list[Drawing | None] = []

    def __iter__(self) -> Iterator[Drawing | None]:
        return iter(self._all)

    @property
    def done(self) -> Iterator[Drawing]:
        """The drawings that exist."""
        return (drawing for drawing in self._all if drawing)

    def have(self, marks: Sequence[int]) -> bool:
        """Whether all existing drawings are of slides with these fingerprints."""
        return len(marks) == len(self._all) and all(
            drawing is None or drawing.mark == mark for drawing, mark in zip(self._all, marks, strict=True)
        )

    def undrawn(self, most: int) -> list[int]:
        """The numbers of at most `most` slides that are not rendered yet, nearest to the current one first."""
        missing = [number for number, drawing in enumerate(self._all) if drawing is None]
        return sorted(missing, key=lambda number: abs(number - self.around))[:most]

    def add(self, drawings: Mapping[int, Drawing]) -> None:
        """Add drawings by slide number; existing ones are kept."""
        for number, drawing in drawings.items():
            if self._all[number] is None:
                self._all[number] = drawing

    def draw_near(self, deck: Deck, places: Places) -> None:
        """Render the current slide and its neighbours."""
        near = [number for number in self.undrawn(NEAR) if abs(number - self.around) <= NEAR]
        self.add({number: draw_slide(deck.slides[number], deck, places) for number in near})

    def change_deck(self, old: Deck, new: Deck, places: Places) -> None:
        """Switch to another deck: keep the drawings of unchanged slides, render some of the changed ones at once."""
        before = self._all
        drawn = {id(slide): drawing for slide, drawing in zip(old.slides, before, strict=True)}
        known = {drawing.mark: drawing for drawing in before if drawing}
        self._all = [drawn.get(id(slide)) for slide in new.slides]
        fresh = [number for number, slide in enumerate(new.slides) if id(slide) not in drawn]
        edited: list[int] = []
        for number in sorted(fresh, key=lambda number: abs(number - self.around)):
            self._all[number] = known.get(fingerprint(new.slides[number]))
            if self._all[number] is None:
                edited.append(number)
        for number in edited[:AT_ONCE]:
            self._all[number] = draw_slide(new.slides[number], new, places)
        if before and (edited or len(self._all) != len(before)):
            self.edits += 1
            self.edited = min(edited) if edited else min(self.edited, len(self._all) - 1)

    def redraw(self, deck: Deck, places: Places, changed: set[Path], casts: set[str], *, all_casts: bool) -> None:
        """Render again the slides that show a changed file or cast; with `all_casts`, those with any cast."""
        for number, drawing in enumerate(self._all):
            if drawing is None:
                continue
            is_other = not (drawing.files.isdisjoint(changed) and drawing.blocks.isdisjoint(casts))
            if is_other or (all_casts and drawing.blocks):
                self._all[number] = draw_slide(deck.slides[number], deck, places)
