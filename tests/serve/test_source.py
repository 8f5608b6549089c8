"""Reading only what changed gives the slides that reading everything gives."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from castdeck.errors import DeckError
from castdeck.serve.source import ParsedSource, fingerprint, read, reread, with_pieces

PATH = Path("deck.md")
WORDS = """


---
---
----
--
# One
# One
# Two {#own}
# One-2
text
- item
  - deeper
1. x
```
````
~~~
```bash
docker ps
ZONE=a
SIZE=b
echo $ZONE
    code
<!--
-->
<div>
</div>
<pre>
<?php
> quote
===
***
Note: said
<!-- .slide: class="x" -->
| a | b |
|---|---|
[a]: /x
[a]
[^1]
[^1]: note
One
+++
layout: true
layout: center
class: a
template: base
name: base
{{content}}
???
Note: x
::: columns
:::
::right::
{.a}
![bg](x.png)
$$
$a$
include: other.md
  ---
title: x
count: false
<!-- a -->
{{ title }}
..."""
LINES = st.sampled_from(WORDS.splitlines())


def read_file(path: Path) -> str:
    return "---\nclass: z\n---\nincluded\n---\n# One\n"


def known(text: str) -> ParsedSource:
    return with_pieces(read(text, PATH, read_file, shell=""))


def agrees(quick: ParsedSource, whole: ParsedSource) -> bool:
    return [fingerprint(slide) for slide in quick.deck.slides] == [fingerprint(slide) for slide in whole.deck.slides]


def check(old: str, new: str) -> None:
    try:
        source = known(old)
        whole = read(new, PATH, read_file, shell="")
    except DeckError:
        return
    quick = reread(source, new, read_file, shell="")
    assert [slide.id for slide in quick.deck.slides] == [slide.id for slide in whole.deck.slides]
    assert agrees(quick, whole)
    assert quick.deck.title == whole.deck.title


@settings(max_examples=600, deadline=None)
@given(st.lists(LINES, max_size=30), st.data())
def test_any_edit_of_any_lines(lines: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(lines)))
    stop = data.draw(st.integers(start, len(lines)))
    new = [*lines[:start], *data.draw(st.lists(LINES, max_size=4)), *lines[stop:]]
    check("\n".join(lines), "\n".join(new))


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES, max_size=20), st.lists(st.tuples(st.integers(0, 20), LINES), max_size=8))
def test_many_edits_one_after_the_other(lines: list[str], edits: list[tuple[int, str]]) -> None:
    text = "---\ntitle: T\n---\n" + "\n".join(lines)
    try:
        source = known(text)
        for place, line in edits:
            lines = [*lines[:place], line, *lines[place + 1 :]]
            text = "---\ntitle: T\n---\n" + "\n".join(lines)
            source = reread(source, text, read_file, shell="")
            if source.pieces is None:
                source = with_pieces(source)
            assert agrees(source, read(text, PATH, read_file, shell=""))
    except DeckError:
        return


DECK = """---
title: Course
---
# A

one

---

# B

```bash
ls
```

---

# B

```bash
pwd
```

----

# C
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("one\n", "one and more\n"),
        ("# A\n", "# B\n"),
        ("---\n\n# B\n\n```bash\nls", "# B\n\n```bash\nls"),
        ("one\n\n---\n", "one\n\n---\n\nnew slide\n\n---\n"),
        ("one\n\n---\n", "one\n\n----\n"),
        ("```bash\nls\n```\n", "```bash\nls\n"),
        ("one\n", "<!--\n"),
        ("title: Course", "title: Other"),
        ("one\n", "[a]\n"),
        ("# C\n", "# C\n\n[a]: /x\n"),
    ],
)
def test_an_edit_of_a_deck(old: str, new: str) -> None:
    assert old in DECK
    check(DECK, DECK.replace(old, new, 1))
    check(DECK.replace(old, new, 1), DECK)


def test_the_slides_that_did_not_change_are_the_same_objects() -> None:
    source = known(DECK)
    new = reread(source, DECK.replace("ls", "ls -l"), shell="")
    assert [a is b for a, b in zip(source.deck.slides, new.deck.slides, strict=True)] == [True, False, True, True]
    assert new.deck.slides[1].blocks[0].lines[0].text == "ls -l"


def test_a_slide_below_none_is_below_the_one_that_comes_before_it() -> None:
    check("  ---\n----\n--", "--\n----\n--")


def test_properties_above_an_indented_separator() -> None:
    check("---\ntitle: T\n---\nlayout: center\n", "---\ntitle: T\n---\nlayout: center\n  ---")


def test_a_comment_that_was_the_whole_deck_is_no_slide_once_there_is_one() -> None:
    check('<!--\n<!-- .slide: class="x" -->\n', '<!--\n<!-- .slide: class="x" -->\n---\n# One\n')


def test_slides_that_depend_on_each_other_are_read_whole() -> None:
    source = known(DECK + "\n[a]: /x\n")
    new = reread(source, DECK.replace("one", "[a]") + "\n[a]: /x\n", shell="")
    assert "link_open" in {child.type for token in new.deck.slides[0].tokens for child in token.children or ()}


def test_the_first_line_below_front_matter_is_no_property() -> None:
    head = "---\ntitle: T\n---\n"
    source = reread(with_pieces(read(head + "title: x", PATH, shell="")), head + "title: x\n  ---", shell="")
    assert [slide.title for slide in source.deck.slides] == ["title: x"]


def test_the_workspaces_shell_counts_for_what_is_a_command() -> None:
    deck = "# A\n\n```fish\nset x (math 1+1)\n```\n"
    source = with_pieces(read(deck, PATH, shell="fish"))
    again = reread(source, deck.replace("1+1", "1+2"), shell="fish")
    assert len(source.deck.blocks) == len(again.deck.blocks) == 1
    assert not reread(source, deck, shell="").deck.blocks
    assert not read(deck, PATH, shell="").deck.blocks


def test_a_first_slide_that_is_read_in_its_own_way_stays_the_only_one() -> None:
    check("::right::\n::right::", "::right::\n---\n::right::")
    check("# A\n\n::right::\n\n---\n\n# B", "# A\n\n::right::\n\n---\n\n# B and C")
