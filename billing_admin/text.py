"""Words in sentences."""

import re
from collections.abc import Sequence


def pluralize(number: int, one: str, many: str = "") -> str:
    """`1 client`, `2,357 clients`; `many` where an s is not enough."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def with_note(text: str, note: str) -> str:
    """`Credit of 5.00 USD removed: Wrong client`: what we say, and what somebody typed about it."""
    return ": ".join(part for part in (text, note) if part)


def excerpt(text: str, words: str, longest: int) -> str:
    """So much of a text from shortly before the first of these words, on one line."""
    line = " ".join(text.split())
    places = [line.casefold().find(word.casefold()) for word in words.split()]
    start = max(0, min((place for place in places if place >= 0), default=0) - longest // 4)
    cut = line[start : start + longest].strip()
    return f"{'…' if start else ''}{cut}{'…' if start + longest < len(line) else ''}"


class Names:
    """What a text has to say to name somebody: all words of one of the names, in any order and case."""

    def __init__(self, names: Sequence[Sequence[str]]) -> None:
        self._names = [[re.compile(rf"(?<!\w){re.escape(word.casefold())}(?!\w)") for word in words] for words in names]
        longest = {max(words, key=len) for words in names if words}
        escaped = {re.sub(r"([\\%_])", r"\\\1", word) for word in longest}
        # For `ILIKE`, which finds all that `in_text` does and more; it may know no case beyond ASCII.
        cases = (str, str.lower, str.upper, str.title)
        self.likely = sorted(
            {f"%{case(word)}%" for word in escaped for case in (cases[1:2] if word.isascii() else cases)}
        )

    def in_text(self, text: str) -> bool:
        """Whether one line of the text names them."""
        return any(
            all(word.search(line) for word in words) for line in text.casefold().splitlines() for words in self._names
        )


def time_left(seconds: float, done: int, total: int) -> str:
    """`about 3 minutes left`, if it goes on as in these seconds; empty where too little was done to say."""
    if done <= 0 or done >= total or seconds < 5:
        return ""
    left = seconds * (total - done) / done
    if left < 90:
        return f"about {max(5, round(left / 5) * 5)} seconds left"
    return f"about {round(left / 60)} minutes left"
