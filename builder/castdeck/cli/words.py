"""How numbers of things are told."""


def count(number: int, thing: str) -> str:
    """The number with its thing: "1 block", "3 blocks"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
