"""Texts as an e-invoice takes them."""

from billing_admin.documents import fit_for_xml

# Where a text is asked for and nothing is left of it.
NOTHING = "–"


def plain(text: str) -> str:
    """A text on one line, without what XML refuses; empty where nothing else is in it."""
    return " ".join(fit_for_xml(text).split())
