"""A built deck in other shapes: one HTML file, a PDF, a zip archive."""
