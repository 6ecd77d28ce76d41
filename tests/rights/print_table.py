"""Prints docs/rights.md as it is observed: `python -m tests.rights`. What it prints is read before it is kept."""

import pytest

from tests.every_url import make_rows
from tests.factories import make_staff
from tests.rights.table import ALL, MAY, METHODS, OWN, ROLES, Line, lines, needed, places
from tests.rights.walking import NOT_TAKEN, ask, mark_of

HEAD = f"| URL | Method | Needs | {' | '.join(ROLES)} |\n|---|---|---|{'---|' * len(ROLES)}"


@pytest.mark.django_db
def test_print_the_table(client, capsys):
    make_rows()
    remarks = {line.key: line.needs.partition(" + ")[2] for line in lines()}
    people = {role: make_staff(role) for role in ROLES}
    sections: dict[str, list[Line]] = {}
    every = list(places())
    marks: dict[tuple[str, str], list[str]] = {}
    for person in people.values():
        client.force_login(person)
        for place in every:
            for method in METHODS:
                marks.setdefault((place.url, method), []).append(mark_of(ask(client, place.address, method)))
    for place in every:
        for method in METHODS:
            found = marks[place.url, method]
            if NOT_TAKEN not in found:
                remark = remarks.get((place.url, method))
                needs = needed(place.rights, method) + (f" + {remark}" if remark else "")
                answered = {"own": OWN, "open": ALL}.get(place.rights.said, MAY)
                said = tuple(answered if mark == MAY else mark for mark in found)
                sections.setdefault(place.section, []).append(Line(place.url, method, needs, said))
    with capsys.disabled():
        for section, rows in sections.items():
            print(f"\n## {section.title() or 'Everything else'}\n\n{HEAD}")
            print("\n".join(str(row) for row in rows))
