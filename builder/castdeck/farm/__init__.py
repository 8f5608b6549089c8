"""Recording and verifying on several computers: what has to run, as data; its division; its results, joined."""
