"""Live terminals: a recording on a slide becomes a real machine, in the state that the recording shows."""
