"""What an activity holds besides its sentence, in words: what was before and is after, and the figures of it."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from billing_admin.templatetags.format_tags import DASH

# What was, and what is.
_PAIRS = (("before", "after"), ("from", "to"))
_PAIRED_VERBS = ("client.edited", "client.closed", "client.reopened")
_CHANGES = "changes"

# Key → the page of what it is the id of.
PAGES: Mapping[str, str] = {
    "invoice": "invoices:detail",
    "transaction": "transactions:detail",
    "run": "invoices:run",
    "message": "mail:message",
}


class Change(NamedTuple):
    """What was changed, in words."""

    label: str
    before: str
    after: str


class Fact(NamedTuple):
    """A figure or an id; `url_name` is the page of it, which it may no longer have."""

    label: str
    value: str
    url_name: str = ""
    pk: Any = None


def changes_of(verb: str, data: Mapping[str, Any]) -> list[Change]:
    """What was changed, with what was before; nothing where the activity is no change."""
    return list(_changes(verb, data))


def facts_of(verb: str, data: Mapping[str, Any]) -> list[Fact]:
    """What else the activity holds."""
    changed = {key for key in data if _is_change(verb, key, data)}
    return [
        Fact(_label(key), _words(value), *((PAGES[key], value) if key in PAGES and isinstance(value, int) else ()))
        for key, value in data.items()
        if key not in changed and value not in ("", None, [], {})
    ]


def _is_change(verb: str, key: str, data: Mapping[str, Any]) -> bool:
    if any(key in pair and {*pair} <= data.keys() for pair in _PAIRS):
        return True
    return (key == _CHANGES and isinstance(data[key], dict)) or _pair(verb, data[key]) is not None


def _pair(verb: str, value: Any) -> tuple[Any, Any] | None:
    """What was and what is, where a value is such a pair."""
    if isinstance(value, dict) and value.keys() == {"from", "to"}:
        return value["from"], value["to"]
    if isinstance(value, list) and len(value) == 2 and verb in _PAIRED_VERBS:
        return value[0], value[1]
    return None


def _changes(verb: str, data: Mapping[str, Any]) -> Iterator[Change]:
    for first, last in _PAIRS:
        if {first, last} <= data.keys():
            yield from _both(data[first], data[last])
    if isinstance(changes := data.get(_CHANGES), dict):
        for key, (before, after) in changes.items():
            yield Change(_label(key), _words(before), _words(after))
    for key, value in data.items():
        if (both := _pair(verb, value)) is not None:
            yield Change(_label(key), *map(_words, both))


def _both(before: Any, after: Any) -> Iterator[Change]:
    """Of two tables what differs; of two values both."""
    if not (isinstance(before, dict) and isinstance(after, dict)):
        yield Change("Value", _words(before), _words(after))
        return
    for key in dict.fromkeys((*before, *after)):
        said = _words(before.get(key)), _words(after.get(key))
        if said[0] != said[1]:
            yield Change(_label(key), *said)


def _label(key: str) -> str:
    """`Credit use`; a code of three capitals is a currency."""
    said = str(key).replace("_", " ").strip()
    return f"{said[:1].upper()}{said[1:]}"


def _words(value: Any) -> str:
    match value:
        case None | "" | [] | {}:
            return DASH
        case bool():
            return "Yes" if value else "No"
        case dict():
            return "; ".join(f"{_label(key)}: {_words(part)}" for key, part in value.items())
        case list():
            return ", ".join(map(_words, value))
    return str(value)
