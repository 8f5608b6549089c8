"""Jinja for untrusted text: jinja2's immutable sandbox, with only the parts of the language whose cost is bounded.

There are no loops, macros or imports, only a few methods can be called, and no filter makes a value longer than LARGEST
of a shorter one. So the cost of an expression is proportional to its length, and no time limit is needed.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sized
from datetime import date
from functools import wraps
from types import BuiltinMethodType

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.filters import FILTERS
from jinja2.runtime import BlockReference, Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

LARGEST = 100_000
"""Maximum length of a value, in characters."""

_FILTERS = (
    "abs", "capitalize", "count", "d", "default", "e", "escape", "first", "float", "int", "last", "length", "list",
    "lower", "max", "min", "reverse", "sort", "string", "sum", "title", "trim", "unique", "upper", "urlencode",
)  # fmt: skip
_METHODS = frozenset((
    "capitalize", "casefold", "endswith", "find", "get", "isdigit", "isoformat", "items", "keys", "lower", "lstrip",
    "removeprefix", "removesuffix", "rsplit", "rstrip", "split", "splitlines", "startswith", "strftime", "strip",
    "title", "upper", "values",
))  # fmt: skip
_EXPRESSIONS = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.Name, nodes.List, nodes.Tuple, nodes.Dict,
    nodes.Pair, nodes.Keyword, nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Filter, nodes.Test, nodes.Call,
    nodes.Compare, nodes.Operand, nodes.CondExpr, nodes.BinExpr, nodes.UnaryExpr, nodes.Concat,
)  # fmt: skip
_LAYOUT = (*_EXPRESSIONS, nodes.Extends, nodes.Block, nodes.If)
_WIDE = re.compile(r"\d{3}|\*")
_PLACES = 15


class Sandbox(ImmutableSandboxedEnvironment):
    """Evaluates expressions over the given values only, and limits the size of the result."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, **options: object) -> None:
        super().__init__(undefined=StrictUndefined, keep_trailing_newline=True, optimized=False, **options)
        self.globals.clear()
        self.filters = {name: _limited(FILTERS[name]) for name in _FILTERS} | _BOUNDED

    def expression(self, text: str) -> nodes.Template:
        """Parse text that contains only expressions. Raises TemplateSyntaxError for any statement."""
        return _checked(self.parse(text), _EXPRESSIONS)

    def layout(self, text: str, base: str, names: Iterable[str]) -> nodes.Template:
        """Parse a template that fills in the blocks of the template `base` and knows only `names`.

        Raises TemplateSyntaxError for anything else.
        """
        tree = _checked(self.parse(text), _LAYOUT)
        extends = list(tree.find_all(nodes.Extends))
        if [getattr(node.template, "value", None) for node in extends] != [base]:
            raise TemplateSyntaxError(f'it must begin with {{% extends "{base}" %}}, once', 1)
        known = {*names, "super"}
        for name in tree.find_all(nodes.Name):
            if name.name not in known:
                raise TemplateSyntaxError(f"{name.name!r} is not known here: {', '.join(sorted(known))}", name.lineno)
        return tree

    def is_safe_callable(self, obj: object) -> bool:
        """Allow `super`, and methods whose result is no larger than their input."""
        if isinstance(obj, BlockReference):
            return True
        owner = getattr(obj, "__self__", None)
        return isinstance(obj, BuiltinMethodType) and isinstance(owner, str | dict | date) and obj.__name__ in _METHODS

    def call(self, context: Context, obj: object, /, *args: object, **kwargs: object) -> object:
        if getattr(obj, "__name__", "") == "strftime":
            _no_width(*args, *kwargs.values())
        return super().call(context, obj, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        if operator == "**":
            raise TypeError("** is not allowed here")
        if not (isinstance(left, int | float) and isinstance(right, int | float)):
            raise TypeError(f"{operator} takes numbers here")
        return super().call_binop(context, operator, left, right)


def _checked(tree: nodes.Template, allowed: tuple[type[nodes.Node], ...]) -> nodes.Template:
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, allowed):
            raise TemplateSyntaxError(f"{type(node).__name__.lower()} is not allowed here", node.lineno)
    return tree


def _bounded(length: int) -> None:
    if length > LARGEST:
        raise ValueError(f"it would make more than {LARGEST} characters")


def _limited(apply: Callable[..., object]) -> Callable[..., object]:
    """The filter, which may make a long value only of one that is as long: `list | string` makes five times as much."""

    @wraps(apply)  # also of jinja's marks on it, which say what it is given first
    def filtered(*given: object, **named: object) -> object:
        made = apply(*given, **named)
        if isinstance(made, str | list) and len(made) > max(
            (len(one) for one in given if isinstance(one, Sized)), default=0
        ):
            _bounded(len(made))
        return made

    return filtered


def _no_width(*texts: object) -> None:
    if any(_WIDE.search(str(text)) for text in texts):
        raise ValueError("widths have one or two digits here")


def _replace(text: object, old: str, new: str, count: int | None = None) -> str:
    text, old, new = str(text), str(old), str(new)
    times = text.count(old) if count is None else min(count, text.count(old))
    _bounded(len(text) + times * len(new))
    return text.replace(old, new, -1 if count is None else count)


def _join(values: Iterable[object], between: object = "") -> str:
    parts, between = [str(value) for value in values], str(between)
    _bounded(sum(map(len, parts)) + len(between) * len(parts))
    return between.join(parts)


def _round(value: float, places: int = 0, method: str = "common") -> float:
    if not abs(int(places)) <= _PLACES:
        raise ValueError(f"round takes {_PLACES} places at most")
    rounding: Mapping[str, Callable[[float], float]] = {"common": round, "ceil": math.ceil, "floor": math.floor}
    return float(rounding[method](value * 10**places) / 10**places) if method != "common" else round(value, places)


def _format(text: object, *values: object) -> str:
    _no_width(text)
    return str(text) % values


_BOUNDED: dict[str, Callable[..., object]] = {"replace": _replace, "join": _join, "round": _round, "format": _format}
