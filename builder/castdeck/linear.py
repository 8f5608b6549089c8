"""Untrusted regular expressions, matched by RE2 in linear time."""

from functools import lru_cache
from typing import Any, AnyStr

_MEMORY = 1 << 20
NOTE = "as RE2 has them: without look-around and back-references"


@lru_cache(maxsize=256)
def linear(expression: AnyStr, *, dot_is_all: bool = False) -> Any:
    """Compile an expression; the result has `search`, `fullmatch` and `sub` as in `re`.

    Raises ValueError if it is malformed or not supported by RE2.
    """
    import re2  # imported here, since few decks need it

    options = re2.Options()
    options.log_errors, options.dot_nl, options.max_mem = False, dot_is_all, _MEMORY
    try:
        return re2.compile(expression, options)
    except (re2.error, UnicodeEncodeError) as error:
        reason = error.args[0]
        raise ValueError(f"{reason.decode() if isinstance(reason, bytes) else reason}; {NOTE}") from error
