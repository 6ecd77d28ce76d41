"""What a service raises when it will not do what was asked."""


class BusinessError(Exception):
    """Nothing was done. The text says why, with the figures, and is fit to show to staff.

    Each service defines its own, named for the reason, above the function that raises it.
    """


class TextTooLong(BusinessError):
    """A text is longer than what is kept of it."""


# What descriptions and reasons may be long: the width of their columns.
LONGEST_TEXT = 500


def require_length(text: str, what: str, longest: int = LONGEST_TEXT) -> None:
    """Refuse a text that would have to be cut to be stored.

    Raises TextTooLong.
    """
    if len(text) > longest:
        raise TextTooLong(f"The {what} has {len(text):,} characters; {longest:,} are kept at most.")
