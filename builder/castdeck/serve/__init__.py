"""The live preview: what is saved is seen, and only what changed travels.

watch -> Preview (text -> pieces -> slides -> View) -> change (View, View -> message) -> the browsers
"""
