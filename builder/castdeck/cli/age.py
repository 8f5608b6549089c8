"""The option type of an age such as 12h or 7d."""

import re

import click

_UNITS = {"m": 60.0, "h": 3600.0, "d": 86400.0, "w": 7 * 86400.0}
_AGE = re.compile(r"(\d{1,5})([mhdw])")


class Age(click.ParamType[float]):
    """Reads "30m", "12h", "7d" or "2w" as seconds."""

    name = "age"

    def convert(self, value: str | float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        found = _AGE.fullmatch(value)
        if not found:
            self.fail(f"{value!r} is not an age such as 30m, 12h, 7d or 2w", param, ctx)
        return int(found[1]) * _UNITS[found[2]]
