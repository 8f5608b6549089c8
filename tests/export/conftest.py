"""A cast of one command."""

import pytest

from castdeck.cast.model import Cast, Event


@pytest.fixture
def cast() -> Cast:
    return Cast(80, 24, (Event(0.0, "m", "echo hi"), Event(0.1, "o", "$ echo hi\r\n"), Event(0.2, "o", "hi\r\n$ ")))
