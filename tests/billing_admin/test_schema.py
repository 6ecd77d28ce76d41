"""What holds for every table: foreign keys are indexed, and money has one currency and no more places than it."""

import pgtrigger.registry
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.models import Model

from billing_admin.money.fields import CurrencyField, MoneyField

pytestmark = pytest.mark.django_db

OURS = ("billing_admin", "clients", "invoices", "transactions", "credits")
MODELS = [model for model in apps.get_models() if model._meta.app_label in OURS]
MONEY_MODELS = [model for model in MODELS if any(isinstance(field, MoneyField) for field in model._meta.fields)]


def rows(sql: str, *parameters: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


# Foreign keys without an index that begins with their column. A partial one counts where it leaves out only NULL, which
# no reference has. The queue's own tables stay small: what was done leaves them.
UNINDEXED = """
    SELECT reference.conrelid::regclass::text, key.attname
    FROM pg_constraint reference
    JOIN pg_attribute key ON key.attrelid = reference.conrelid AND key.attnum = reference.conkey[1]
    WHERE reference.contype = 'f' AND reference.conrelid::regclass::text NOT LIKE 'procrastinate%%' AND NOT EXISTS (
        SELECT FROM pg_index index
        WHERE index.indrelid = reference.conrelid AND index.indisvalid AND index.indkey[0] = reference.conkey[1]
          AND coalesce(pg_get_expr(index.indpred, index.indrelid), '') IN ('', format('(%%s IS NOT NULL)', key.attname))
    )
    ORDER BY 1, 2
"""


def test_every_foreign_key_has_an_index_that_begins_with_it():
    assert rows(UNINDEXED) == []


def test_control_a_foreign_key_without_an_index_is_found():
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX credit_entry_of_grant")
        cursor.execute("DROP INDEX invoice_of_run")
        cursor.execute("CREATE INDEX ON invoices_invoice (run_id) WHERE status = 'unpaid'")
    assert rows(UNINDEXED) == [("credits_creditentry", "grant_id"), ("invoices_invoice", "run_id")]


def test_keys_of_several_columns_begin_with_the_one_that_names_the_row():
    """What the test above looks at: `conkey[1]` leads to few rows, whatever else the key has."""
    assert rows(
        """SELECT conname, attname FROM pg_constraint
           JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
           WHERE contype = 'f' AND cardinality(conkey) > 1 ORDER BY 1"""
    ) == [
        ("credit_entry_of_its_grant", "grant_id"),
        ("credit_entry_of_its_invoice", "invoice_id"),
        ("credit_grant_of_its_account", "account_id"),
        ("imported_line_of_its_invoice", "invoice_id"),
        ("imported_of_its_invoice", "invoice_id"),
        ("invoice_line_of_its_invoice", "invoice_id"),
        ("reminder_fee_of_its_invoice", "invoice_id"),
        ("reminder_hold_of_its_invoice", "invoice_id"),
        ("write_off_of_its_invoice", "invoice_id"),
    ]


def test_the_models_with_money_are_those_we_think_of():
    assert {model.__name__ for model in MONEY_MODELS} == {
        "BillableItem", "Invoice", "InvoiceLine", "Transaction", "CreditAccount", "CreditGrant", "CreditEntry",
        "CreditNote", "CreditNoteLine", "WriteOff", "Limit", "LimitUse", "ApprovalRequest",
        "ImportedInvoice", "ImportedLine",
    }  # fmt: skip


@pytest.mark.parametrize("model", MONEY_MODELS)
def test_every_row_with_money_has_one_currency(model: type[Model]):
    money = [field for field in model._meta.fields if isinstance(field, MoneyField)]
    currencies = [field.name for field in model._meta.fields if isinstance(field, CurrencyField)]
    assert currencies == ["currency"]
    assert {field.currency_field_name for field in money} == {"currency"}


@pytest.mark.parametrize("model", MONEY_MODELS)
def test_the_database_lets_no_row_with_money_change_its_currency(model: type[Model]):
    guards = rows(
        """SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O'
           AND pg_get_triggerdef(oid) LIKE '%%BEFORE UPDATE ON%%'
           AND pg_get_triggerdef(oid) LIKE '%%old.currency)::text IS DISTINCT FROM (new.currency)%%'""",
        model._meta.db_table,
    )
    assert len(guards) == 1


# What an invoice came to in another system may have had more places than its currency.
@pytest.mark.parametrize("model", [model for model in MONEY_MODELS if not model.__name__.startswith("Imported")])
def test_the_database_checks_the_places_of_every_money_column(model: type[Model]):
    checks = rows(
        """SELECT pg_get_constraintdef(oid) FROM pg_constraint
           WHERE contype = 'c' AND convalidated AND conrelid = %s::regclass
             AND pg_get_constraintdef(oid) LIKE '%%minor_units%%'""",
        model._meta.db_table,
    )
    ((check,),) = checks
    unchecked = [
        field.column
        for field in model._meta.fields
        if isinstance(field, MoneyField) and f"min_scale({field.column})" not in check
    ]
    assert unchecked == []


@pytest.mark.parametrize("model", MODELS)
def test_amounts_are_numeric_and_never_float(model: type[Model]):
    floats = rows(
        """SELECT attname FROM pg_attribute
           WHERE attrelid = %s::regclass AND attnum > 0
             AND atttypid IN ('real'::regtype, 'double precision'::regtype, 'money'::regtype)""",
        model._meta.db_table,
    )
    assert floats == []


@pytest.mark.parametrize("model", MONEY_MODELS)
def test_money_columns_hold_15_digits_and_3_places(model: type[Model]):
    for field in model._meta.fields:
        if isinstance(field, MoneyField):
            assert (field.max_digits, field.decimal_places, field.null) == (18, 3, False)


def test_the_models_and_the_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_trigger_of_the_models_is_installed_and_switched_on():
    declared = {trigger.get_pgid(model) for model, trigger in pgtrigger.registry.registered()}
    declared.add("end_sessions")  # on Django's own accounts
    ours = "NOT tgisinternal AND tgrelid::regclass::text NOT LIKE 'procrastinate%%'"
    installed = {name for (name,) in rows(f"SELECT tgname FROM pg_trigger WHERE {ours} AND tgenabled = 'O'")}
    assert declared == installed
