"""Secrets in what comes in pieces: no form of them gets through, whatever the pieces."""

import base64
import json
import shlex
from collections.abc import Callable
from urllib.parse import quote

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


@given(AROUND, st.lists(st.integers(0, 200), max_size=8))
def test_other_text_stays_as_it_is(text: str, cuts: list[int]) -> None:
    text = f"\x1b[31m{text}\x1b[0m\r\n"
    assert streamed(text, cuts, secret_forms(["s3cr3t-v@lue"])) == text


def test_a_secret_within_another_is_masked_once() -> None:
    assert redacted("a s3cr3t-long b", secret_forms(["s3cr3t", "s3cr3t-long"])) == f"a {MASK} b"
