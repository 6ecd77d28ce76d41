"""A database in which every text says what an attacker would type, and what a page may make of it: text."""

import csv
import io
import re
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import DatabaseError, connection, models
from django.db import transaction as db_transaction
from django.utils import timezone

from clients.models import Client, ClientMerge
from credits.services.bulk.preview import preview_credit_file
from invoices.models import ReminderHold, SellerVersion, TaxRate
from tests.factories import make_client
from tests.pages import Page
from tests.raw_sql import triggers_off
from tests.unchanged import OURS
from transactions.services.importing.upload import keep_upload

# Ends an attribute in either quotes or in none, begins an element, asks htmx for something, and is a formula.
TEXT = "='\"><evil evil hx-get=/evil/> evil=1 "
SHORT = "='\"><evil>"

# What no text of a person's stands in: codes that the program itself writes and reads.
_CODES = {
    "billing_admin_actedrows.marks",
    "billing_admin_emailchange.token_digest", "billing_admin_invitation.token_digest",
    "billing_admin_job.kind", "billing_admin_job.subject", "billing_admin_offeredpermission.group_name",
    "billing_admin_offeredpermission.permission", "clients_activity.verb", "clients_formkey.action",
    "clients_approvalrequest.action", "clients_approvalrequest.once",
    "clients_formkey.digest", "clients_formkey.key", "clients_mergedrows.kind", "auth_user.password",
    "transactions_paymentfile.digest", "credits_creditbatch.digest", "clients_client.country",
    "credits_creditbatchrow.currency",
    "invoices_invoice.bill_to_country", "invoices_taxrate.country", "clients_client.electronic_scheme",
    "invoices_billableitem.unit", "invoices_invoiceline.unit", "invoices_sellerversion.accent",
    "clients_mailmessage.key", "clients_mailtemplate.language", "clients_mailmessage.language",
    "clients_issueddocument.sha256", "invoices_sellerversion.country", "invoices_sellerversion.electronic_scheme",
}  # fmt: skip


def fill(by: User) -> list[str]:
    """Put the text into every column of text; returns those that the database keeps it out of."""
    rows = f'"{TEXT.replace(chr(34), chr(34) * 2)}"'
    client = make_client("Row")
    preview_credit_file(
        path=f"{TEXT.replace('/', '')}.csv",
        content=f"Client ID,Amount,Currency,Description\n{client.number},2.00,USD,{rows}\n{rows},x,USD,y\n".encode(),
        by=by,
    )
    content = f"Date,Amount,Currency,Method,Description,Reference\n2026-11-16,4.00,USD,{rows},{rows},{rows}\n"
    keep_upload(name="rows.csv", content=content.encode(), mapping=None, by=by)
    with triggers_off():
        # What is only there beside something else.
        Client.objects.update(tax_exempt=True, exemption="E", electronic_scheme="EM", electronic_address="a")
        SellerVersion.objects.update(electronic_scheme="EM", electronic_address="a")
        TaxRate.objects.update(rate=0, category="E")
        ReminderHold.objects.update(lifted_at=timezone.now(), lifted_by_name="A")
        kept_out = [f"{table}.{column}" for table, column, pk, size in _columns() if not _put(table, column, pk, size)]
    for merge in ClientMerge.objects.all():
        typed = {field.name for field in Client._meta.fields if isinstance(field, models.CharField)}
        merge.discarded_snapshot |= dict.fromkeys(typed & merge.discarded_snapshot.keys(), TEXT)
        merge.save(update_fields=["discarded_snapshot"])
    return sorted(kept_out)


def _is_code(field: models.Field) -> bool:
    return field.name == "table_name" or f"{field.model._meta.db_table}.{field.column}" in _CODES


def _columns() -> list[tuple[str, str, str, int]]:
    return [
        (model._meta.db_table, str(field.column), str(model._meta.pk.column), field.max_length or 500)
        for model in apps.get_models()
        if model._meta.app_label in OURS or model in (User, Group)
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not (field.choices or isinstance(field, models.GeneratedField))
        and not _is_code(field)
    ]


def _put(table: str, column: str, pk: str, size: int) -> bool:
    text = TEXT if size >= len(TEXT) + 10 else SHORT
    try:
        with db_transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'UPDATE {table} SET "{column}" = left(%s || {pk} || \'.\', %s)', [text, size])
    except DatabaseError:
        return False
    return True


def assert_harmless(page: Page, address: str) -> None:
    """Fail where an element or attribute of the page came from the text."""
    for element in page.node.iter():
        named = [name for name in element.attrib if "evil" in name]
        acting = [
            f"{name}={value}"
            for name, value in element.attrib.items()
            if re.match(r"(data-)?hx-|on", name) and "evil" in value
        ]
        assert (element.tag == "evil", named, acting) == (False, [], []), (address, dict(element.attrib))


def assert_runs_nothing(name: str, content: str) -> None:
    """Fail where a cell of a CSV file would be run by a spreadsheet."""
    for row in csv.reader(io.StringIO(content, newline="")):
        for cell in row:
            assert not re.match(r"[\s\"]*[=+@]|-[^0-9]", cell), (name, cell)


def is_html(answer: Any) -> bool:
    """Whether it is a page or part of one, with anything in it."""
    return str(answer.headers.get("Content-Type", "")).startswith("text/html") and bool(answer.content.strip())
