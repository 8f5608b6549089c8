"""Regular expressions of strangers: matched by RE2, in a time that grows with the text and with nothing else."""

from functools import lru_cache
from typing import Any, AnyStr

_MEMORY = 1 << 20
NOTE = "as RE2 has them: without look-around and back-references"


@lru_cache(maxsize=256)
def linear(expression: AnyStr, *, dot_is_all: bool = False) -> Any:
    """The compiled expression, with `search`, `fullmatch` and `sub` like those of `re`.

    Raises ValueError for one that is malformed, or that RE2 does not have.
    """
    import re2  # here: few decks have expressions of their own

    options = re2.Options()
    options.log_errors, options.dot_nl, options.max_mem = False, dot_is_all, _MEMORY
    try:
        return re2.compile(expression, options)
    except (re2.error, UnicodeEncodeError) as error:
        reason = error.args[0]
        raise ValueError(f"{reason.decode() if isinstance(reason, bytes) else reason}; {NOTE}") from error
