"""Words in sentences."""


def pluralize(number: int, one: str, many: str = "") -> str:
    """`1 client`, `2,357 clients`; `many` where an s is not enough."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def with_note(text: str, note: str) -> str:
    """`Credit of 5.00 USD removed: Wrong client`: what we say, and what somebody typed about it."""
    return ": ".join(part for part in (text, note) if part)
