"""A database of each released version is migrated to what a fresh one is, and its books still agree."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection
from psycopg.sql import SQL, Identifier

from billing_admin.staff.groups import BILLING, GROUPS, OWNER, PARTS, VIEWER
from tests.upgrades.schema import differences, schema_of

HERE = Path(__file__).resolve().parent
DUMPS = sorted(HERE.glob("*.sql"))

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def manage(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=HERE.parents[1], capture_output=True, text=True,
        env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "billing_admin.settings"},
    )  # fmt: skip


def url_of(database: str) -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()


def session_on(database: str) -> psycopg.Connection:
    return psycopg.connect(url_of(database), autocommit=True)


@dataclass(frozen=True)
class Upgraded:
    """A session on a database that was restored from a dump, migrated, and once its countries were mended again.

    And what the first time left, and said; what each of its people might do before, and all permissions of then.
    """

    session: psycopg.Connection
    countries: dict[str, str]
    differing: list[str]
    told: str
    rights: dict[str, set[str]]
    permissions: set[str]


@pytest.fixture(scope="module", params=DUMPS, ids=lambda path: path.stem)
def upgraded(request, django_db_setup) -> Iterator[Upgraded]:
    name = f"{connection.settings_dict['NAME']}_upgraded"
    with session_on("postgres") as server:
        server.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        try:
            with session_on(name) as session:
                session.execute(request.param.read_text())
                session.execute("SET search_path = public")
                before = (rights(session), {name for each in session.execute(_PERMISSIONS) for name in each})
                first = migrate(name)
                left = (countries(session), differences(fresh(), schema_of(session)), first.stdout)
                session.execute("UPDATE clients_client SET country = 'AT' WHERE country = 'ZZ'")
                migrate(name)
                yield Upgraded(session, *left, *before)
        finally:
            server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def migrate(database: str) -> subprocess.CompletedProcess[str]:
    migrated = manage(url_of(database), "migrate")
    assert (migrated.returncode, migrated.stderr) == (0, "")
    return migrated


def fresh() -> dict[str, str]:
    with session_on(connection.settings_dict["NAME"]) as session:
        return schema_of(session)


def countries(session: psycopg.Connection) -> dict[str, str]:
    """Client → country, of those that were made to have one each."""
    found = "SELECT company_name, country FROM clients_client WHERE company_name LIKE 'Somebody of%' ORDER BY id"
    return {name.removeprefix("Somebody of "): country for name, country in session.execute(found).fetchall()}


_PERMISSIONS = """
    SELECT app_label || '.' || codename FROM auth_permission JOIN django_content_type type ON type.id = content_type_id
"""
_RIGHTS = """
    SELECT username, app_label || '.' || codename
    FROM auth_user JOIN auth_user_groups ON user_id = auth_user.id
    JOIN auth_group_permissions held ON held.group_id = auth_user_groups.group_id
    JOIN auth_permission permission ON permission.id = held.permission_id
    JOIN django_content_type type ON type.id = content_type_id
"""


def rights(session: psycopg.Connection) -> dict[str, set[str]]:
    """Username → what the person may do."""
    found: dict[str, set[str]] = {}
    for username, right in session.execute(_RIGHTS).fetchall():
        found.setdefault(username, set()).add(right)
    return found


def test_its_people_may_do_what_they_could_do_before(upgraded):
    now = rights(upgraded.session)
    assert now.keys() == upgraded.rights.keys() == {"olga", "billing", "viewer"}
    for person, before in upgraded.rights.items():
        gained = now[person] - before
        assert before <= now[person]
        assert gained.isdisjoint(upgraded.permissions), person  # nothing that they could have had and had not
        assert gained >= {part for part, wholes in PARTS.items() if before.intersection(wholes)}, person
    held = {role: set(permissions) for role, permissions in GROUPS.items()}
    assert now == {"olga": held[OWNER], "billing": held[BILLING], "viewer": held[VIEWER]}
    roles = upgraded.session.execute(
        "SELECT name, built_in FROM auth_group JOIN billing_admin_role ON group_id = id ORDER BY name"
    )
    assert roles.fetchall() == [(name, name.lower()) for name in sorted(GROUPS)]


def test_known_mistakes_in_countries_are_mended_and_others_are_named(upgraded):
    assert upgraded.countries == {"“UK”": "GB", "“AU”": "AU", "“XK”": "XK", "“ZZ”": "ZZ", "“”": ""}
    (not_valid,) = upgraded.differing
    assert not_valid.startswith("otherwise: constraint clients_client.client_country")
    assert "The country is not in the list. 1 client of before: #13 Somebody of “ZZ”." in upgraded.told


def test_an_upgraded_database_is_as_a_fresh_one_and_in_order(upgraded):
    assert differences(fresh(), schema_of(upgraded.session)) == []
    checked = manage(url_of(upgraded.session.info.dbname), "check_ledger")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "nothing found" in checked.stdout
    counts = upgraded.session.execute("SELECT count(*) FROM clients_clientmerge WHERE undone_at IS NOT NULL").fetchone()
    assert counts == (1,)


def test_what_was_done_before_is_sealed_and_verifies(upgraded):
    verified = manage(url_of(upgraded.session.info.dbname), "verify_activity")
    assert (verified.returncode, verified.stderr) == (0, "")
    counted = """
        SELECT (SELECT count(*) FROM clients_activity),
               (SELECT sum(octet_length(hashes)) / 32 FROM clients_activityseal),
               (SELECT count(*) FROM clients_activity WHERE note <> '' AND salt IS NULL)
    """
    rows, sealed, unsalted = upgraded.session.execute(counted).fetchone()
    assert (sealed, unsalted) == (rows, 0)
    assert rows > 100


def test_an_invoice_of_before_says_no_more_than_it_knows(upgraded):
    said = "bill_to_city, seller_id, prepaid, accounting_rate, language, e_invoice"
    (others,) = upgraded.session.execute(f"SELECT array_agg(DISTINCT ({said})::text) FROM invoices_invoice").fetchone()
    assert others == ['("",,,,"","")']
    lines = "SELECT array_agg(DISTINCT (unit, tax_category, tax_reason, period_end)::text) FROM invoices_invoiceline"
    assert upgraded.session.execute(lines).fetchone() == (['(C62,"","",)'],)
    with pytest.raises(psycopg.errors.CheckViolation, match="An issued invoice never changes"):
        upgraded.session.execute("UPDATE invoices_invoice SET language = 'de' WHERE status <> 'draft'")


# What staff may do to the format between two imports of one file.
EDITS = [
    "name = 'Bank'",
    "text_column = ''",
    "name_column = '', account_column = 'Name', payer_reference_column = 'Text'",
    "id_column = 'Text', id_confirmed = false",
    "payment_method_id = (SELECT id FROM transactions_paymentmethod WHERE name = 'Cash')",
    "encoding = 'cp1252', delimiter = ';'",
    "date_order = 'dmy', decimal_sign = '', lines_before_header = 0",
    "amount_column = '', credit_column = 'Amount'",
]


@pytest.mark.parametrize("edit", EDITS)
def test_what_the_former_version_booked_of_a_file_is_booked_once(upgraded, tmp_path, edit):
    session = upgraded.session
    content, (booked,) = session.execute(
        "SELECT (SELECT content FROM transactions_paymentfile WHERE name = 'february.csv'),"
        " ARRAY[count(*)] FROM transactions_transaction"
    ).fetchone()
    (tmp_path / "january.csv").write_bytes(content)
    session.execute(f"UPDATE transactions_paymentfilemapping SET {edit} WHERE name = 'Bank'")
    ran = manage(url_of(session.info.dbname), "import_payments", str(tmp_path / "january.csv"), "--format", "Bank")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "2 payments are already there; nothing was changed." in ran.stdout
    assert session.execute("SELECT count(*) FROM transactions_transaction").fetchone() == (booked,)


@pytest.mark.parametrize(
    ("taken_out", "told"),
    [
        ("DROP INDEX invoice_by_status", ["missing: index invoice_by_status"]),
        ("ALTER TABLE credits_creditentry DISABLE TRIGGER USER", ["otherwise: trigger credits_creditentry."]),
        ("DELETE FROM auth_group_permissions", ["missing: group Viewer: clients.view_client"]),
        ("ALTER TABLE invoices_invoice DROP CONSTRAINT invoice_total_adds_up",
         ["missing: constraint invoices_invoice.invoice_total_adds_up"]),
        ("ALTER TABLE clients_client ALTER email DROP NOT NULL", ["otherwise: column clients_client.email"]),
        ("DROP FUNCTION minor_units CASCADE", ["missing: function minor_units(character varying)"]),
    ],
)  # fmt: skip
def test_what_is_taken_out_is_found(upgraded, taken_out, told):
    with upgraded.session.transaction(force_rollback=True):
        upgraded.session.execute(taken_out)
        found = differences(fresh(), schema_of(upgraded.session))
    for start in told:
        assert [line for line in found if line.startswith(start)]
