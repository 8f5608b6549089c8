"""What a template of a deck or a theme may contain."""

import pytest
from jinja2.exceptions import TemplateSyntaxError

from castdeck.deck.sandbox import Sandbox


@pytest.mark.parametrize(
    ("layout", "message"),
    [
        ('{% extends "base" %}{% for a in b %}{% endfor %}', "for is not allowed here"),
        ('{% extends "base" %}{% include "x" %}', "include is not allowed here"),
        ('{% extends "other" %}', 'it must begin with {% extends "base" %}, once'),
        ('{% extends "base" %}{{ title }}{{ other }}', "'other' is not known here: super, title"),
    ],
)
def test_what_a_layout_may_not_do(layout: str, message: str) -> None:
    with pytest.raises(TemplateSyntaxError) as error:
        Sandbox().layout(layout, "base", ["title"])
    assert error.value.message == message


def test_a_layout_fills_in_blocks() -> None:
    layout = '{% extends "base" %}{% block head %}{{ super() }}{% if title %}{{ title }}{% endif %}{% endblock %}'
    assert Sandbox().layout(layout, "base", ["title"])


def test_an_expression_is_no_statement() -> None:
    with pytest.raises(TemplateSyntaxError, match="^if is not allowed here"):
        Sandbox().expression("{% if a %}{% endif %}")
