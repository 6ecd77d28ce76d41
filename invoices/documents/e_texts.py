"""Texts as an e-invoice takes them."""

from typing import Any

from billing_admin.documents import fit_for_xml

# Where a text is asked for and nothing is left of it.
NOTHING = "–"


def plain(text: str) -> str:
    """A text on one line, without what XML refuses; empty where nothing else is in it."""
    return " ".join(fit_for_xml(text).split())


def as_said(value: Any) -> Any:
    """The same data with each text in it as an e-invoice says it."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {key: as_said(each) for key, each in value.items()}
    return [as_said(each) for each in value] if isinstance(value, list) else value
