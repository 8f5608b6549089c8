"""Which slow tests run where something has changed."""

from pathlib import Path

from tests.slow import quoted_in, texts_gone, used_by

DIFF = """diff --git a/builder/castdeck/a.py b/builder/castdeck/a.py
--- a/builder/castdeck/a.py
+++ b/builder/castdeck/a.py
@@ -3,2 +3,2 @@ def f() -> None:
-    raise CastdeckError(f"{name}: ended with exit "
-        f"status {status}, not {wanted}")
+    raise CastdeckError(f"{name}: exit status {status}, not {wanted}")
@@ -9 +8,0 @@
-    told("this text is only moved")
@@ -90,0 +91 @@
+    told("this text is only moved")
"""


def test_a_test_that_quotes_a_message_that_was_reworded_is_found() -> None:
    gone = texts_gone(DIFF)
    assert not gone.isdisjoint(quoted_in('assert "b-1: ended with exit status 1, not 0" in done.err'))
    assert gone.isdisjoint(quoted_in('assert "b-1: exit status 1, not 0" in done.err'))
    assert gone.isdisjoint(quoted_in('assert "this text is only moved" in done.err'))
    assert gone.isdisjoint(quoted_in('"""Blocks that ended with exit status 1."""'))


def test_a_module_of_tests_consists_of_what_it_imports_from_the_tests_too() -> None:
    source = "from tests.browser.live import Live\nfrom castdeck.cli import main\n"
    assert used_by(Path("tests/browser/test_live.py"), source) == {
        "tests/browser/test_live.py",
        "tests/browser/live.py",
        "tests/browser/conftest.py",
    }
