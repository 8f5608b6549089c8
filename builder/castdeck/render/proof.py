"""The small mark in a terminal's title bar that says when its recording was made; opened, it shows all of the proof."""

from html import escape

from castdeck.cast.proof import Proof


def proof_html(proof: Proof | None) -> str:
    """The mark; browser/proof.js writes its words, in the deck's language. "" where there is no proof."""
    if proof is None:
        return ""
    told = {
        "recorded": proof.recorded,
        "machine": proof.machine,
        "tools": ", ".join(f"{name} {version}" for name, version in proof.tools.items()),
        "statuses": " ".join(map(str, proof.statuses)),
        "seconds": str(proof.seconds),
        "verified": proof.verified,
    }
    data = "".join(f' data-{name}="{escape(value)}"' for name, value in told.items() if value)
    return f'<button type="button" class="proof" aria-expanded="false"{data}></button>'
