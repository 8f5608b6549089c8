"""A deck in the classroom: its page for the projector, and the presenter's phone beside it."""
