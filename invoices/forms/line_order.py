"""Adding, removing and moving lines with plain submit buttons, so that it works without JavaScript.

Each button is named for what it does and has the number of its line (from 0) as its value.
"""

from typing import Any

from django.core.exceptions import BadRequest

ADD, REMOVE, UP, DOWN = "add_line", "remove_line", "move_up", "move_down"

# More lines than this are not taken by hand.
MOST_LINES = 200

_FIELDS = ("description", "quantity", "unit", "unit_price", "tax_rate", "tax_category", "included")


def arranged(sent: Any, *, tax_rate: str) -> tuple[Any, int] | None:
    """What was sent with its lines as the button asks, and the line to go on typing in; None where none was pressed.

    A new line has quantity 1 and `tax_rate`. Raises BadRequest for a line that is not among those sent.
    """
    button = next((name for name in (ADD, REMOVE, UP, DOWN) if name in sent), None)
    if button is None:
        return None
    rows = [
        {name: sent[f"line-{number}-{name}"] for name in _FIELDS if f"line-{number}-{name}" in sent}
        for number in range(min(_number(sent.get("line-TOTAL_FORMS")) or 0, MOST_LINES))
    ]
    place = len(rows) if button == ADD else _number(sent.get(button))
    if place is None or place > len(rows) - (button != ADD):
        raise BadRequest(f"“{button}” names no line of this form.")
    empty = {"quantity": "1", "tax_rate": tax_rate}
    if button == ADD:
        place = min(place, MOST_LINES - 1)
        rows[place:] = [empty]
    elif button == REMOVE:
        rows[place : place + 1] = []
        rows = rows or [empty]
    else:
        other = place - 1 if button == UP else place + 1
        if 0 <= other < len(rows):
            rows[place], rows[other] = rows[other], rows[place]
            place = other
    return _with_rows(sent, rows), min(place, len(rows) - 1)


def _with_rows(sent: Any, rows: list[dict[str, str]]) -> Any:
    changed = sent.copy()
    for key in [key for key in changed if key.startswith("line-") and key.split("-")[1].isdecimal()]:
        del changed[key]
    changed["line-TOTAL_FORMS"] = str(len(rows))
    for number, row in enumerate(rows):
        for name, value in row.items():
            changed[f"line-{number}-{name}"] = value
    return changed


def _number(text: Any) -> int | None:
    """A number out of a form, which anybody may have written; None where it is none."""
    text = str(text or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else None
