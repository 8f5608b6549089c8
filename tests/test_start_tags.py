"""Start tags in a piece of HTML: what a browser would see, and no time with the square of its length."""

import time

import pytest

from castdeck.start_tags import start_tags, without_endless_comment


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<a href=x>", [("a", {"href": "x"})]),
        ("<IMG SRC='a b' alt>", [("img", {"src": "a b", "alt": ""})]),
        ('<a href="&lt;&#120;">', [("a", {"href": "<x"})]),
        ("<a/href=x/y><b>", [("a", {"href": "x/y"}), ("b", {})]),
        ("<a x=1 X=2>", [("a", {"x": "1"})]),
        ("<a\n=b>", [("a", {"=b": ""})]),
        ("a < b <1> </a> <!doctype x> <?php <b> ?>", []),
        ("<!-- <a> --><b>", [("b", {})]),
        ("<b><!-- <a>", [("b", {})]),
        ("<script>'<a>'</scripty></script ><b>", [("script", {}), ("b", {})]),
        ("<style><a>", [("style", {})]),
        ('<a href="x><b>', []),
        ("<a", []),
    ],
)
def test_tags(html: str, expected: list[tuple[str, dict[str, str]]]) -> None:
    assert [(tag.name, dict(tag.attributes)) for tag in start_tags(html)] == expected


def test_lines() -> None:
    assert [tag.line for tag in start_tags("<a>\n<b\nx>\n\n<c>")] == [1, 2, 5]


def test_what_follows_an_endless_comment_is_left_out() -> None:
    assert without_endless_comment("a <!-- b --> c <!-- d") == "a <!-- b --> c "
    assert without_endless_comment("a <!-- b --> c") == "a <!-- b --> c"


@pytest.mark.parametrize(
    "piece", ["<", "<!--", "<a ", '<a x="', "<a x='\"", "<![", "<?", "</", "<script>", "a=", "/", " = ", "<a x=1 "]
)
def test_any_html_takes_time_with_its_length(piece: str) -> None:
    for html in (piece * 40_000, f"<a {piece * 40_000}", f"{piece * 40_000}>"):
        began = time.process_time()
        list(start_tags(html))
        assert time.process_time() - began < 3
