"""What castdeck knows of the programs that it types into: their names, their prompts, and their errors."""

import pytest

from castdeck.record.languages.table import LANGUAGES, language_named, language_of_program, may_speak
from castdeck.record.languages.unmarked import UnmarkedPrompt, unknown, unmarked_prompt
from tests.shell_marks import MARKS


@pytest.mark.parametrize(
    ("program", "has_line_editor", "language"),
    [
        ("bash", True, "bash"),
        ("bash", False, "sh"),
        ("dash", False, "sh"),
        ("busybox", True, "sh"),
        ("zsh", True, "zsh"),
        ("zsh", False, None),
        ("fish", True, "fish"),
        ("python3.11", False, "python"),
        ("node", False, "node"),
        ("MainThread", False, "node"),
        ("mariadb", False, "mysql"),
        ("psql", True, "psql"),
        ("vim", True, None),
    ],
)
def test_a_program_is_known_by_its_name(program: str, has_line_editor: bool, language: str | None) -> None:
    found = language_of_program(program, has_line_editor)
    assert (found.name if found else None) == language


def test_a_program_may_be_another_only_where_it_is_not_known() -> None:
    assert may_speak("bash", language_named("bash")) and may_speak("bash", language_named("sh"))
    assert not may_speak("bash", language_named("python"))
    assert may_speak("my-own-shell", language_named("bash"))


@pytest.mark.parametrize(
    ("language", "output"),
    [
        ("psql", 'a\nERROR:  syntax error at or near "x"\n'),
        ("psql", "invalid command \\x\n"),
        ("psql", "psql: error: connection failed\n"),
        ("sqlite3", "Parse error: no such table: t\n"),
        ("mysql", "ERROR 1064 (42000): You have an error\n"),
        ("redis-cli", "(error) ERR unknown command\n"),
        ("redis-cli", "Could not connect to Redis\n"),
        ("irb", "(irb):1:in `<main>': undefined\n"),
        ("irb", "\x1b[1m/usr/lib/irb.rb:3:in `eval'\n"),
        ("ipython", f"{'-' * 40}\nNameError\n"),
        ("ipython", "  Cell In[1], line 1\n"),
    ],
)
def test_an_error_is_known_by_what_is_printed(language: str, output: str) -> None:
    assert language_named(language).fails(output) and language_named(language).expects_error(output)
    assert not language_named(language).fails("all is well, no ERROR\n")


@pytest.mark.parametrize(
    ("language", "output"),
    [
        ("python", "Traceback (most recent call last):\n"),
        ("python", '  File "<stdin>", line 1\n'),
        ("python", "json.JSONDecodeError: no\n"),
        ("python", "KeyboardInterrupt\n"),
        ("node", "Uncaught Error: no\n"),
    ],
)
def test_where_marks_tell_a_transcript_s_error_is_only_expected(language: str, output: str) -> None:
    assert language_named(language).expects_error(output) and not language_named(language).fails(output)
    assert not language_named(language).expects_error("an error is an Exception\n")


@pytest.mark.parametrize(
    ("language", "shown", "prompt"),
    [
        ("sqlite3", "one\r\nsqlite> ", UnmarkedPrompt("sqlite>", False)),
        ("sqlite3", "sqlite> select\r\n   ...> ", UnmarkedPrompt("...>", True)),
        ("mysql", "mysql> ", UnmarkedPrompt("mysql>", False)),
        ("mysql", "    -> ", UnmarkedPrompt("->", True)),
        ("redis-cli", "\x1b[1m127.0.0.1:6379> ", UnmarkedPrompt("127.0.0.1:6379>", False)),
        ("irb", "irb(main):001:0> ", UnmarkedPrompt("irb(main):001:0>", False)),
        ("ipython", "In [1]: ", UnmarkedPrompt("In [1]:", False)),
        ("sqlite3", "sqlite> select\r\n", None),
        ("sqlite3", "", None),
    ],
)
def test_the_prompt_of_a_program_without_marks_is_the_end_of_what_it_shows(
    language: str, shown: str, prompt: UnmarkedPrompt | None
) -> None:
    assert unmarked_prompt(shown, language_named(language)) == prompt


def test_of_a_program_that_nobody_knows_the_prompt_that_it_waits_at_is_known() -> None:
    language = unknown("ftp>")
    assert unmarked_prompt("connected\r\nftp> ", language) == UnmarkedPrompt("ftp>", False)
    assert unmarked_prompt("password: ", language) and not unmarked_prompt("loading", language)


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one.opening], ids=lambda one: one.name)
def test_what_makes_a_program_mark_holds_the_secret_and_is_one_line(language: object) -> None:
    line = language.opening(MARKS, 4711)  # type: ignore[attr-defined]
    assert MARKS.secret in line and "SECRET" not in line and "PID" not in line and "\n" not in line


def test_a_value_is_exported_as_it_is() -> None:
    assert language_named("bash").export("A", "it's") == """export A='it'"'"'s'"""
    assert language_named("fish").export("A", r"it's \ it") == r"set -gx A 'it\'s \\ it'"
