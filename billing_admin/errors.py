"""What a service raises when it will not do what was asked."""


class BusinessError(Exception):
    """Nothing was done. The text says why, with the figures, and is fit to show to staff.

    `field` names the field of the form that the text belongs to; None: the form as a whole. There is a subclass only
    where somebody catches it by name.
    """

    def __init__(self, text: str, field: str | None = None) -> None:
        super().__init__(text)
        self.field = field


# What descriptions and reasons may be long: the width of their columns.
LONGEST_TEXT = 500


def require_length(text: str, what: str, longest: int = LONGEST_TEXT) -> None:
    """Refuse a text that would have to be cut to be stored; `what` is its name, also in forms."""
    if len(text) > longest:
        raise BusinessError(f"The {what} has {len(text):,} characters; {longest:,} are kept at most.", field=what)


def first_line(error: BaseException) -> str:
    """What a database said, without its details, which repeat what was written."""
    return (str(error).strip().splitlines() or ["no reason given"])[0].rstrip(".")
