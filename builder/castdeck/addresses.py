"""Takes URLs of untrusted text apart."""

from urllib.parse import SplitResult, urlsplit


def split_address(url: str) -> SplitResult:
    """The parts of a URL. One that can't be taken apart ("//[") is taken for a host without a path."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", url, "", "", "")
