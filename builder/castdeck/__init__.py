"""Markdown slides whose terminal sessions are replayed in a throw-away virtual machine and recorded."""

__version__ = "0.1.0"
