"""Whatever stands in a block is read, line by line."""

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from castdeck.deck.bash import is_whole
from castdeck.deck.commands import read_code
from castdeck.deck.model import RUNNABLE_LANGUAGES
from castdeck.deck.not_run import why_not_run

LINES = st.one_of(
    st.sampled_from(
        ["$ ls", "# docker ps", "me@host:~$ cat <<EOF", "EOF", "> more", "ID  IMAGE", "", "#$ wait 1", "echo 'a", "b'"]
        + [
            "for i in 1; do \\",
            "done",
            "┌──(a㉿b)-[~]",
            "└─$ id",
            "/ # ls",
            "<name> [x] ...",
            "{{#a}} %%B%%",
            "\u00a0ls",
        ]
    ),
    st.text(st.characters(exclude_characters="\n\r"), max_size=20),
)


@settings(deadline=None)
@given(st.lists(LINES, min_size=1, max_size=8), st.sampled_from(sorted(RUNNABLE_LANGUAGES)))
def test_any_block_is_read_line_by_line(lines: list[str], language: str) -> None:
    reading = read_code("\n".join(lines) + "\n", language, 10, {})
    assert len(reading.source) == len(lines)
    numbers = [line.line for line in reading.lines]
    assert numbers == sorted(set(numbers))
    assert all(10 <= number < 10 + len(lines) for number in numbers)
    skip = why_not_run(reading)
    assert skip is None or 10 <= skip.line < 10 + len(lines)


def test_a_long_block_is_read_in_time() -> None:
    for line in ("# " * 30, "$ echo 'a", "[-" * 30, "{{a" * 30, "ARGS" * 30, "<a" * 30, "a|" * 30):
        reading = read_code(f"{line}\n" * 500, "console", 1, {})
        assert len(reading.source) == 500
        why_not_run(reading)
    why_not_run(read_code("docker run " + "[-{{a<a ARGS" * 1000, "bash", 1, {}))


@pytest.mark.parametrize(
    "code",
    [
        "exec 3<>/dev/tcp/localhost/80",
        "head -1 <>/dev/tty",
        "case $1 in a) echo a ;& b) echo b ;;& *) echo rest ;; esac",
        "ls !(a|b) *(.) +([0-9])",
        "test 1 -lt 2 && [ a \\< b ]",
        "if [ a \\< ]",
        "head <>",
        "case a in a) ls ;&",
    ],
)
def test_rare_syntax_is_read_as_bash_reads_it(code: str) -> None:
    judged = subprocess.run(["bash", "-O", "extglob", "-n"], input=code, text=True, capture_output=True, check=False)
    assert is_whole(code) is (judged.returncode == 0)
