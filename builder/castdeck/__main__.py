"""`python -m castdeck`."""

from castdeck.cli import main

main()
