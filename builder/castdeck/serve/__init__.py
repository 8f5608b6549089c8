"""The live preview: shows each save at once, and sends browsers only what changed.

watch -> Preview (text -> pieces -> slides -> View) -> change (View, View -> message) -> the browsers
"""
