"""Texts with named places, `{number}`: filled by replacing, so that nothing that somebody types is ever run."""

import re
from collections.abc import Collection, Mapping

from billing_admin.errors import BusinessError

_PLACE = re.compile(r"\{([^{}\n]{0,80})\}")
# What a mail server or a mail program might take for the end of a line or for nothing at all.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
LONGEST_SUBJECT = 200


def fill(template: str, values: Mapping[str, str], *, keep: Collection[str] = ()) -> str:
    """The text with its places filled. A line of which every place has nothing to say is left out.

    What is named in `keep` stays a place, for `put_in` later. Raises BusinessError for a place that there is not.
    """
    require_known(template, [*values, *keep])
    values = {name: _without(_plain(value), keep) for name, value in values.items()} | {n: f"{{{n}}}" for n in keep}
    lines = [
        _PLACE.sub(lambda found: values[found[1]], line)
        for line in _plain(template).split("\n")
        if not (places := _PLACE.findall(line)) or any(values[name].strip() for name in places)
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def fill_subject(template: str, values: Mapping[str, str]) -> str:
    """The same on one line, of a length that mail programs show."""
    line = " ".join(fill(template, values).split())
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1] + "…"


def put_in(text: str, name: str, typed: str) -> str:
    """What `fill` kept, filled: what staff typed stands in one place only, and can be forgotten there."""
    return text.replace(f"{{{name}}}", _plain(typed))


def require_known(template: str, known: Collection[str], field: str | None = None) -> None:
    """Refuse a place that there is not, naming those there are. Raises BusinessError."""
    unknown = [name for name in _PLACE.findall(template) if name not in known]
    if unknown:
        there_are = ", ".join(f"{{{name}}}" for name in known)
        raise BusinessError(f"There is no {{{unknown[0]}}} in this text. There are {there_are}.", field=field)


def _plain(text: str) -> str:
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _without(value: str, kept: Collection[str]) -> str:
    """A value that happens to read like a place that is kept, so that it never becomes one."""
    for name in kept:
        value = value.replace(f"{{{name}}}", f"({name})")
    return value
