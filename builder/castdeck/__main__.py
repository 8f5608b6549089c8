"""`python -m castdeck`."""

from castdeck.cli import main

if __name__ == "__main__":
    main()
