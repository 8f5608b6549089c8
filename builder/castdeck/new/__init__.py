"""Templates for `castdeck new`: a workspace with a deck that shows every feature once, and a theme.

Files in workspace/ and theme/ are copied verbatim, except that {{ name }} and {{ theme }} are filled in, and gitignore
becomes .gitignore.
"""
