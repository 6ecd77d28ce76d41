"""Migrations that would lock a big table for long are refused."""

import pytest

from tests.upgrades.lint import complaints


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("CREATE INDEX lately ON invoices_invoice (issued_on);", "require-concurrent-index-creation"),
        ("ALTER TABLE invoices_invoice ADD CONSTRAINT positive CHECK (total > 0);", "constraint-missing-not-valid"),
        ("ALTER TABLE clients_client ALTER COLUMN number TYPE numeric;", "changing-column-type"),
        ("ALTER TABLE clients_client ALTER COLUMN phone SET NOT NULL;", "adding-not-nullable-field"),
    ],
)
def test_what_reads_or_rewrites_a_big_table_is_refused(sql, rule):
    assert rule in complaints(sql)


_ADDED = 'ALTER TABLE "x" ADD COLUMN "y" integer DEFAULT 1 NOT NULL;\nALTER TABLE "x" ALTER COLUMN "y" DROP DEFAULT;'


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("ALTER TABLE clients_client DROP COLUMN phone;", "ban-drop-column"),
        ("ALTER TABLE clients_client RENAME COLUMN phone TO telephone;", "renaming-column"),
        ("ALTER TABLE clients_clientnote RENAME TO clients_remark;", "renaming-table"),
        ("DROP TABLE clients_clientnote;", "ban-drop-table"),
    ],
)
def test_what_the_version_before_cannot_live_beside_is_refused(sql, told):
    assert told in complaints(sql)
    assert complaints(sql, rolling=False) == ""


def test_a_new_column_whose_default_django_takes_away_is_refused():
    assert "ban-drop-default" in complaints(_ADDED)


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE INDEX CONCURRENTLY lately ON invoices_invoice (issued_on);",
        "ALTER TABLE invoices_invoice ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;",
        "ALTER TABLE clients_client ADD COLUMN nickname varchar(100) DEFAULT '' NOT NULL;",
        "CREATE TABLE nothing_yet (id bigint PRIMARY KEY);",
    ],
)
def test_what_only_takes_a_moment_is_let_through(sql):
    assert complaints(sql) == ""
