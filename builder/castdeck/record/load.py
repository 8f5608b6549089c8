"""Whether a machine is at work, as its processor time tells."""

import time
from collections import deque
from collections.abc import Callable

_SPAN = 0.25  # seconds that are looked back
_HIGH = 0.5  # processors in use; an emulated machine with Docker uses about 0.1 while it rests


class Load:
    """`used` gives the processor time that the machine has used so far, in seconds; None if that is not known."""

    def __init__(self, used: Callable[[], float | None]) -> None:
        self._used = used
        self._samples: deque[tuple[float, float]] = deque()

    def is_high(self) -> bool:
        """Whether the machine has been at work since the calls of the last quarter of a second. False if not known."""
        used, now = self._used(), time.monotonic()
        if used is None:
            return False
        self._samples.append((now, used))
        while len(self._samples) > 1 and self._samples[1][0] <= now - _SPAN:
            self._samples.popleft()
        since, before = self._samples[0]
        return now > since and (used - before) / (now - since) > _HIGH
