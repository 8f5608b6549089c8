"""Secrets in what comes in pieces: no form of them gets through, whatever the pieces."""

import base64
import json
import shlex
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from castdeck.record.redact import MASK, Redactor, redacted, secret_forms

SECRETS = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x24F, exclude_characters="\x7f"), min_size=8, max_size=40
)
AROUND = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30)
FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "base64": lambda value: base64.b64encode(value.encode()).decode(),
    "base64 with a newline": lambda value: base64.b64encode(f"{value}\n".encode()).decode(),
    "base64 of user and password": lambda value: base64.b64encode(f"user:{value}".encode()).decode(),
    "in a URL": lambda value: quote(value, safe=""),
    "as JSON": json.dumps,
    "quoted for a shell": shlex.quote,
    "as Python shows it": repr,
    "in hexadecimal": lambda value: value.encode().hex(),
}


def streamed(text: str, cuts: list[int], forms: list[str]) -> str:
    redactor = Redactor(forms)
    places = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    pieces = [redactor.feed(text[begin:end]) for begin, end in zip(places, places[1:], strict=False)]
    return "".join(pieces) + redactor.flush()


@given(SECRETS, AROUND, AROUND, st.sampled_from(sorted(FORMS)), st.lists(st.integers(0, 200), max_size=8))
def test_no_form_of_a_secret_gets_through_however_it_is_cut(
    value: str, before: str, after: str, form: str, cuts: list[int]
) -> None:
    forms = secret_forms([value])
    shown = streamed(f"{before}{FORMS[form](value)}{after}", cuts, forms)
    assert value not in shown
    assert not any(form in shown for form in forms)
    assert MASK in shown


@given(
    SECRETS,
    st.lists(st.integers(0, 200), max_size=6),
    st.sampled_from(["\r\n", " \r", "\x1b[0m", "\x1b[1;32m", "\x08"]),
)
def test_line_ends_and_colours_between_its_characters_are_no_cover(value: str, cuts: list[int], junk: str) -> None:
    half = len(value) // 2
    shown = streamed(f"> {value[:half]}{junk}{value[half:]} <", cuts, secret_forms([value]))
    assert shown == f"> {MASK} <"


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("pass\\word-ü", "pass\\\\word-ü"),
        ("it's-a-secret", "it'\\''s-a-secret"),
        ("a b&c<d>e/f", "a+b%26c%3Cd%3Ee%2Ff"),
        ("a b&c<d>e/f", "a%20b%26c%3Cd%3Ee/f"),
        ("a b&c<d>e/f", "a b&amp;c&lt;d&gt;e/f"),
        ("a b&c<d>e/f", "a\\ b\\&c\\<d\\>e/f"),
        ("pässwörd", "p\\u00e4ssw\\u00f6rd"),
        ("secret-00", "7365637265742D3030"),
    ],
)
def test_each_form_that_programs_print_is_masked(value: str, printed: str) -> None:
    assert redacted(f"> {printed} <", secret_forms([value])) == f"> {MASK} <"


def test_secrets_that_touch_are_masked_one_by_one_and_those_that_overlap_as_one() -> None:
    assert redacted("secret-1secret-2", secret_forms(["secret-1", "secret-2"])) == MASK + MASK
    assert redacted("secret-12345678", secret_forms(["secret-12345", "12345678"])) == MASK


@given(AROUND, st.lists(st.integers(0, 200), max_size=8))
def test_other_text_stays_as_it_is(text: str, cuts: list[int]) -> None:
    text = f"\x1b[31m{text}\x1b[0m\r\n"
    assert streamed(text, cuts, secret_forms(["s3cr3t-v@lue"])) == text


def test_a_secret_within_another_is_masked_once() -> None:
    assert redacted("a s3cr3t-long b", secret_forms(["s3cr3t", "s3cr3t-long"])) == f"a {MASK} b"
