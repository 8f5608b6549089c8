"""A theme's layout and a deck's variables are templates that reach nothing, and end."""

from pathlib import Path

import pytest

from castdeck.deck import parse_deck
from castdeck.errors import DeckError, WorkspaceError
from castdeck.render.page import render_deck
from castdeck.render.theme import Theme
from tests.conftest import Cli

PAGE = '{% extends "page.html.j2" %}'
EMPTY = parse_deck("# A\n", Path("deck.md"))


def head(text: str) -> str:
    return f"{PAGE}{{% block head %}}{text}{{% endblock %}}"


@pytest.mark.parametrize(
    "layout",
    [
        head("{{ cycler.__init__.__globals__.os.system('id') }}"),
        head("{{ lipsum.__globals__.os.system('id') }}"),
        head("{{ title.__class__.__mro__ }}"),
        head("{{ title['__class__'] }}"),
        head("{{ self.__init__.__globals__ }}"),
        head("{{ self._TemplateReference__context }}"),
        head("{{ super.__class__ }}"),
        head("{{ super()._body_stream }}"),
        head("{{ title.format }}{{ '{0.__class__}'.format(title) }}"),
        head("{{ title | attr('__class__') }}"),
        head("{{ title | map(attribute='__class__') | list }}"),
        head("{{ ['id'] | map('system') }}"),
        head("{% for x in range(100000) %}{% for y in range(100000) %}x{% endfor %}{% endfor %}"),
        head("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"),
        head("{% set x = title %}{{ x }}"),
        head("{% import 'page.html.j2' as p %}"),
        head("{% include 'handout.html.j2' %}"),
        head("{% filter upper %}x{% endfilter %}"),
        head("{{ 'x'.center(2000000000) }}"),
        head("{{ 'x' | center(2000000000) }}"),
        head("{{ 'x' * 2000000000 }}"),
        head("{{ '%2000000000d' | format(1) }}"),
        head("{{ '%*d' | format(2000000000, 1) }}"),
        head("{{ 1.5 | round(2000000000) }}"),
        head("{{ 5 | round(-2000000000) }}"),
        head("{{ title" + " | list | string" * 40 + " }}"),
        head("{{ policy }}"),
        head("{{ settings }}"),
        head("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}"),
        f"{PAGE}{{% block body %}}{'{{ super() }}' * 20000}{{% endblock %}}",
        '{% extends "handout.html.j2" %}',
        '{% extends "../../../etc/passwd" %}',
        "{% extends title %}",
        PAGE + PAGE,
        "<p>no page at all</p>",
    ],
)
def test_a_layout_reaches_nothing_but_its_values(layout: str) -> None:
    with pytest.raises(WorkspaceError, match="the theme's layout"):
        render_deck(EMPTY, {}, Theme("evil", "", layout))


def test_a_layout_may_do_what_themes_need() -> None:
    text = head("{% if lang == 'en' %}<i>{{ title | upper }} {{ theme_name or 'x' }}</i>{% endif %}{{ super() }}")
    assert "<i>A mine</i>" in render_deck(EMPTY, {}, Theme("mine", "", text)).html


def filled(expression: str) -> str:
    front = f"template: true\nword: {'a' * 9000}\nversion: '3.12.1'\nday: 2026-11-26\nmachine: {{os: debian}}\nn: 3\n"
    return parse_deck(f"---\n{front}---\n\n# {{{{ {expression} }}}}\n", Path("deck.md")).slides[0].title


@pytest.mark.parametrize(
    "expression",
    [
        "'x'.center(2000000000)",
        "'x'.ljust(2000000000)",
        "'x'.zfill(2000000000)",
        "'x' * 2000000000",
        "[1] * 2000000000",
        "'%2000000000d' % 1",
        "'%2000000000d' | format(1)",
        "'{:2000000000}'.format(1)",
        "'{:2000000000}'.format_map({})",
        "9 ** 9 ** 9",
        "5 | round(-2000000000)",
        "5 | round(2000000000, 'ceil')",
        "word | join(word)",
        "word | replace('a', word)",
        "word | replace('', word)",
        "word.replace('a', word)",
        "word.join([word, word])",
        "word.translate({97: word})",
        "day.strftime('%2000000000d')",
        "word | indent(2000000000)",
        "word | wordwrap(1)",
        "word ~ word ~ word ~ word ~ word ~ word ~ word ~ word ~ word ~ word ~ word ~ word",
        "'a'" + " | list | string" * 40,
        "word" + " | urlencode" * 2 + " | list | string" * 20 + " | length",
        "range(1000000)",
        "lipsum(1000)",
        "dict(a=1)",
        "namespace()",
        "cycler.__init__",
        "word.__class__",
        "word | attr('upper')",
        "word | map('upper') | list",
        "word.encode()",
        "(" * 400 + "1" + ")" * 400 + "+1" * 200,
        "1" + " + 1" * 5000,
    ],
)
def test_a_variable_reaches_nothing_but_its_values_and_makes_nothing_huge(expression: str) -> None:
    with pytest.raises(DeckError) as caught:
        filled(expression)
    assert caught.value.problem.line == 10


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("version.split('.') | first", "3"),
        ("version.split('.')[:2] | join('.')", "3.12"),
        ("version | replace('.', '-')", "3-12-1"),
        ("machine.os | title", "Debian"),
        ("machine.get('arch', 'amd64')", "amd64"),
        ("day.year", "2026"),
        ("day.strftime('%d/%m/%Y')", "26/11/2026"),
        ("'%.1f' | format(n / 2)", "1.5"),
        ("(n * 7) // 2 ~ ' s'", "10 s"),
        ("(n / 7) | round(2)", "0.43"),
        ("'yes' if n is odd else 'no'", "yes"),
    ],
)
def test_what_decks_write_still_works(expression: str, value: str) -> None:
    assert filled(expression) == value


@pytest.mark.parametrize("expression", ['"\\ud800"', '"%c"|format(55296)'])
def test_half_a_character_is_refused_with_its_line(tmp_path: Path, cli: Cli, expression: str) -> None:
    (tmp_path / "deck.md").write_text(f"---\ntemplate: true\n---\n\n# A\n\n{{{{ {expression} }}}}\n")
    done = cli("build", "deck.md", "--no-record")
    assert done.status == 1 and done.err.startswith("deck.md:7: error: {{"), done.err


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_no_page_tells_where_in_memory_something_is(lang: str) -> None:
    deck = parse_deck(f"---\nlang: {lang}\n---\n\n# A\n\n```bash\necho one\n```\n", Path("deck.md"))
    built = render_deck(deck, {}, Theme("folio", ""))
    for page in (built.html, built.handout, built.search):
        assert " object at 0x" not in page and "built-in" not in page
