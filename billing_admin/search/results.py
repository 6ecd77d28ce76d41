"""What the box answers with: lines to choose from, in groups."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """A line that leads somewhere. `exact` where it is just what was typed, and not only like it.

    One that `continues` leads on to what is still to be typed.
    """

    title: str
    url: str
    detail: str = ""
    status: str = ""
    dialog: bool = False
    exact: bool = False
    continues: str = ""


@dataclass(frozen=True)
class Group:
    """The first lines of one kind. `note` says why there are none, `more_url` leads to all of them."""

    label: str
    results: list[Result]
    more_url: str = ""
    note: str = ""


def only_exact(groups: Iterable[Group]) -> Result | None:
    """The one line that is just what was typed; None where there is none, or where there are several."""
    exact = [result for group in groups for result in group.results if result.exact]
    return exact[0] if len(exact) == 1 else None
