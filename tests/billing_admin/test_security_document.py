"""docs/security.md says of every requirement of ASVS 5.0, levels 1 and 2, how it stands, once."""

import re
from collections import Counter

from django.conf import settings

DOCUMENT = settings.BASE_DIR / "docs" / "security.md"

# As the standard numbers them; those of level 3 are left out.
REQUIREMENTS = """
1.1.1-2 1.2.1-9 1.3.1-11 1.4.1-3 1.5.1-2 2.1.1-3 2.2.1-3 2.3.1-4 2.4.1 3.2.1-2 3.3.1-4 3.4.1-6 3.5.1-5 3.7.1-2
4.1.1-3 4.2.1 4.3.1-2 4.4.1-4 5.1.1 5.2.1-3 5.3.1-2 5.4.1-3 6.1.1-3 6.2.1-12 6.3.1-4 6.4.1-4 6.5.1-5 6.6.1-3
6.8.1-4 7.1.1-3 7.2.1-4 7.3.1-2 7.4.1-5 7.5.1-2 7.6.1-2 8.1.1-2 8.2.1-3 8.3.1 8.4.1 9.1.1-3 9.2.1-4 10.1.1-2
10.2.1-2 10.3.1-4 10.4.1-11 10.5.1-5 10.6.1-2 10.7.1-3 11.1.1-2 11.2.1-3 11.3.1-3 11.4.1-4 11.5.1 11.6.1 12.1.1-3
12.2.1-2 12.3.1-4 13.1.1 13.2.1-5 13.3.1-2 13.4.1-5 14.1.1-2 14.2.1-4 14.3.1-3 15.1.1-3 15.2.1-3 15.3.1-7 16.1.1
16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3 17.1.1 17.2.1-4 17.3.1-2
"""


def every_requirement():
    for part in REQUIREMENTS.split():
        section, _, numbers = part.rpartition(".")
        first, _, last = numbers.partition("-")
        yield from (f"{section}.{number}" for number in range(int(first), int(last or first) + 1))


def rows():
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        if re.match(r"\| [0-9]+\.[0-9]", line):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def test_every_requirement_stands_there_once():
    named = Counter(number for numbers, *_ in rows() for number in numbers.split(", "))
    assert named == Counter(every_requirement())
    assert len(named) == 253


def test_each_says_how_it_stands_and_where():
    for numbers, what, stands, where in rows():
        assert what, numbers
        assert where, numbers
        assert stands in {"met", "partly", "not", "operator", "n/a"}, numbers


def test_what_it_names_is_there():
    """Every file and test that the document names; one in a package of ours by its end."""
    text = DOCUMENT.read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w/.-]+\.(?:py|md|js|lock|toml))`", text))
    folders = ("billing_admin", "clients", "credits", "invoices", "transactions", "tests", "docs", "scripts")
    every = [path.as_posix() for folder in folders for path in (settings.BASE_DIR / folder).rglob("*.*")]
    every += [path.as_posix() for path in settings.BASE_DIR.glob("*.*")]
    assert len(named) > 30
    assert {name for name in named if not any(path.endswith(f"/{name}") for path in every)} == set()
