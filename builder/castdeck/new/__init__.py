"""What `castdeck new` makes: a workspace with a deck that shows everything once, and a theme to change.

workspace/ and theme/ hold the files as they are copied, but for {{ name }} and {{ theme }} in castdeck.toml and the
theme; gitignore becomes .gitignore.
"""
