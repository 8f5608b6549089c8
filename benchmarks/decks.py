"""Decks of any size for the benchmarks: plain markdown that every tool reads alike."""


def slide(number: int) -> str:
    """A title, a sentence, a list, a few lines of code."""
    return (
        f"# Slide number {number}\n\n"
        f"Some words with *emphasis* and `code`, the {number}th of their kind.\n\n"
        f"- the first point of {number}\n- the second point of {number}\n\n"
        f"```python\ndef f{number}(x):\n    return x + {number}\n```\n"
    )


def words(number: int) -> str:
    """A slide without code: a title, two paragraphs, a list, a table."""
    return (
        f"# Slide number {number}\n\n"
        f"Some words with *emphasis* and `code`, the {number}th of their kind.\n\n"
        f"- the first point of {number}\n- the second point of {number}, with **strong** words\n- a third\n\n"
        f"More words, and [a link](https://example.org/{number}) among them.\n\n"
        f"| name | value |\n|---|---|\n| one | {number} |\n| two | {number + 1} |\n"
    )


def deck(slides: int, marker: str = "", at: int = 1) -> str:
    """A deck of so many slides; `marker` stands on slide `at`."""
    texts = [slide(number) for number in range(1, slides + 1)]
    if marker:
        texts[at - 1] = texts[at - 1].replace("Some words", marker)
    return "\n---\n\n".join(texts)
