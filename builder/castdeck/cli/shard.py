"""The option `--shard K/N`."""

from collections.abc import Callable
from typing import TypeVar

import click

from castdeck.farm.shards import Shard, read_shard

_F = TypeVar("_F", bound=Callable[..., object])


class _ShardType(click.ParamType[Shard]):
    name = "shard"

    def convert(self, value: str | Shard, param: click.Parameter | None, ctx: click.Context | None) -> Shard:
        if isinstance(value, Shard):
            return value
        try:
            return read_shard(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def shard_option(command: _F) -> _F:
    """Adds `--shard K/N` to a command, as its argument `shard`."""
    return click.option(
        "--shard", type=_ShardType(), metavar="K/N", help="Only part K of N: see castdeck plan and castdeck merge."
    )(command)
