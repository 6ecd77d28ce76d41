"""Documents: a template and texts in, a PDF, its XML or a picture out. Nothing here knows an invoice or a client."""

from .fonts import families
from .languages import (
    LANGUAGES,
    amount_in,
    country_in,
    day_in,
    language_for,
    money_in,
    number_in,
    percent_in,
    words,
)
from .letters import fit_for_xml
from .logo import redrawn_logo
from .press import BUSY, Drawn, NotDrawn, Press, Sheet, draw

__all__ = [
    "BUSY",
    "LANGUAGES",
    "Drawn",
    "NotDrawn",
    "Press",
    "Sheet",
    "amount_in",
    "country_in",
    "day_in",
    "draw",
    "families",
    "fit_for_xml",
    "language_for",
    "money_in",
    "number_in",
    "percent_in",
    "redrawn_logo",
    "words",
]
