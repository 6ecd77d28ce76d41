"""How many of something, in words."""


def pluralize(number: int, one: str, many: str = "") -> str:
    """`1 client`, `2,357 clients`; `many` where an s is not enough."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
