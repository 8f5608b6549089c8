"""Markers of tests that run where what they look at has changed. The main ways of each page are tested every time."""

import pytest

_DRAWN = ("builder/castdeck/render", "builder/browser", "themes", "tests/browser")
PAGE = pytest.mark.slow(*_DRAWN)
PREVIEW = pytest.mark.slow("builder/castdeck/serve", *_DRAWN)
TERMINALS = pytest.mark.slow("builder/castdeck/terminals", "builder/castdeck/serve", "tests/browser", "tests/terminals")
CLASS = pytest.mark.slow("builder/castdeck/present", "builder/castdeck/terminals", "tests/browser", "tests/present")
CHECK = pytest.mark.slow("builder/castdeck/chromium", "builder/castdeck/check", "tests/hostile")
