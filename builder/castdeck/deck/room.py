"""A limit for what small texts can multiply to, counted over a whole deck."""

from dataclasses import dataclass


@dataclass
class Room:
    """`left` is what may still be made, in units of the caller's; below 0, it was not enough."""

    left: int
    _is_told: bool = False

    def take(self, amount: int) -> bool:
        """Whether there is room for so much more, which is taken."""
        self.left -= amount
        return self.left >= 0

    def is_news(self) -> bool:
        """True once, so that it is told once that there is no more."""
        was, self._is_told = self._is_told, True
        return not was
