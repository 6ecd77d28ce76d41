"""docs/scale.md lists what a database that is distributed by client would refuse, and what each of it would need.

Whoever adds a table, a key or a trigger finds these failing. To do: the line that is missing, and what it would need.
"""

import re

import pytest
from django.conf import settings
from django.db import connection

from tests.distribution import distribution, exceptions, reference_tables

pytestmark = pytest.mark.django_db

DOCUMENT = (settings.BASE_DIR / "docs" / "scale.md").read_text(encoding="utf-8")
LINES = [line for line in DOCUMENT.splitlines() if re.match(r"\| `\w+` \| (–|\w+_id|id)(, may be empty)? \|", line)]


def lines() -> list[str]:
    return [one.line for one in exceptions()]


def added(sql: str) -> set[str]:
    """The lines that come by it."""
    before = lines()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql)
    return set(lines()) - set(before)


def test_the_document_lists_what_would_be_refused():
    assert [line.rpartition(" | ")[0] + " |" for line in LINES] == lines()


def test_the_document_says_what_each_of_it_would_need():
    needs = {line.split("`")[1]: line.rpartition(" | ")[2].removesuffix("|").strip() for line in LINES}
    assert [table for table, words in needs.items() if len(words) < 10] == []


def test_the_document_names_what_every_node_would_have():
    (told,) = re.findall(r"^Whole on every node[^:]*: ([^.]*)\.", DOCUMENT, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", told)) == reference_tables()


def test_every_table_of_clients_would_be_distributed_by_a_client():
    columns = set(distribution().values())
    assert columns == {"id", "client_id", "kept_id", "first_id"}


@pytest.mark.parametrize(
    ("sql", "line"),
    [
        (
            "CREATE UNIQUE INDEX ON clients_clientnote (upper(text))",
            "| `clients_clientnote` | client_id | id; **upper(text)** | | |",
        ),
        (
            "ALTER TABLE clients_contact ADD other bigint REFERENCES clients_contact",
            "| `clients_contact` | client_id | id | other → clients_contact | |",
        ),
        (
            "ALTER TABLE auth_group ADD of_note bigint REFERENCES clients_clientnote",
            "| `auth_group` | – | | of_note → clients_clientnote | |",
        ),
        (
            "CREATE TRIGGER pgtrigger_seen_12345 AFTER INSERT ON clients_contact EXECUTE FUNCTION seen()",
            "| `clients_contact` | client_id | id | | seen |",
        ),
        (
            "ALTER TABLE clients_contact ALTER client_id DROP NOT NULL",
            "| `clients_contact` | client_id, may be empty | id | | |",
        ),
    ],
)
def test_what_would_be_refused_is_found(sql, line):
    with connection.cursor() as cursor:
        cursor.execute("CREATE FUNCTION seen() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
    assert added(sql) == {line}


def test_what_would_be_allowed_is_no_exception():
    assert added("CREATE UNIQUE INDEX ON clients_clientnote (client_id, id)") == set()
    assert added("ALTER TABLE clients_clientnote ADD writer bigint REFERENCES auth_group") == set()
    assert added("ALTER TABLE clients_contact ADD UNIQUE (id, client_id)") == set()
    key = "(of_contact, client_id) REFERENCES clients_contact (id, client_id)"
    assert added(f"ALTER TABLE clients_clientnote ADD of_contact bigint, ADD FOREIGN KEY {key}") == set()
