"""What shows that a cast is of something that really ran."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Proof:
    """When and where a cast was recorded, with what, and when it was last verified.

    Dates are as in ISO 8601, "" where they are not known. `seconds` is how long its commands ran.
    """

    recorded: str
    machine: str
    tools: Mapping[str, str]
    statuses: tuple[int, ...]
    seconds: float
    verified: str = ""
