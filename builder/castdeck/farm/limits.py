"""How much is taken from a worker."""

MOST_BYTES = 256 << 20
"""What the answer of one session may hold."""
