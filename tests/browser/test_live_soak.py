"""A short run of benchmarks/soak.py: hundreds of saves of every kind, none of them missed."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow("builder/castdeck/serve", "builder/castdeck/deck", "benchmarks/soak.py"),
    pytest.mark.timeout(300),
]
SOAK = Path(__file__).parents[2] / "benchmarks/soak.py"


def test_hundreds_of_saves_miss_nothing() -> None:
    done = subprocess.run([sys.executable, SOAK, "--saves", "300", "--seed", "7"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "nothing missed, nothing grew"
