"""Exports a built deck as a single HTML file, a PDF or a zip archive."""
