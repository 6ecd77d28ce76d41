"""A small installation in which everything has happened once."""

import datetime
from contextlib import suppress
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils import timezone

from billing_admin.listing.queued import ACT_ON_ROWS
from billing_admin.listing.sheets import MAKE_SHEET
from billing_admin.models import ActedRows, Job, SavedFile, SavedView
from billing_admin.staff.groups import BILLING, OWNER, VIEWER
from clients.models import Client, ClientFileMapping, ClientGroup
from clients.services.close import close_client
from clients.services.custom_fields import add_custom_field
from clients.services.delete.delete_client import delete_client
from clients.services.dismiss_duplicate import dismiss_duplicate
from clients.services.importing.mappings import save_mapping
from clients.services.importing.upload import keep_client_file
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from clients.services.profile import edit_client
from credits.services.bulk.book import book_credit_batch
from credits.services.bulk.preview import preview_credit_file
from credits.services.check import check_ledger
from credits.services.expire import expire_credit
from invoices.services.cancel import cancel_invoice
from invoices.services.company import save_company
from invoices.services.exchange_rates import set_rate
from tests.clients.holders import make_holder
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, make_staff, usd
from transactions.models import PaymentFileMapping, Transaction
from transactions.services.importing.book import import_payments
from transactions.services.importing.formats.saved import save_format
from transactions.services.importing.upload import keep_upload
from transactions.services.refund import refund_payment

_BANK = b"Date,Amount,Text,Name\n2026-11-15,11.00,{label},Anybody\n2026-11-16,4.00,who knows,Nobody\n"


def make() -> None:
    """Fill an empty, migrated database."""
    olga = make_staff(OWNER, username="olga")
    for group in (BILLING, VIEWER):
        make_staff(group, username=group.lower())
    _company(olga)  # before the first invoice, which then has a snapshot
    acme = make_holder("Acme Ltd", country="GB", group=ClientGroup.objects.create(name="Resellers"))
    field = add_custom_field(name="Industry", kind="text", by=olga)
    edit_client(client=acme, by=olga, **{field.field_name: "Hotels"})
    _merges(acme, olga)
    _countries()
    _client_files(olga)
    _payments(acme, olga)
    _credit(acme, olga, timezone.localdate())
    cancel_invoice(invoice=make_invoice(acme, usd("9.00"), credit_use="never"), by=olga)
    close_client(client=make_client("Closed Ltd"), by=olga, reason="Moved away")
    delete_client(client=make_holder("Gone Ltd"), by=olga)
    _saved(olga)
    check_ledger()


def _saved(by) -> None:
    """What somebody saved of a list."""
    job = Job.objects.create(kind=MAKE_SHEET, subject=by.pk, state=Job.State.DONE, asked_by=by)
    SavedFile.objects.create(job=job, name="clients.xlsx", content=b"PK")
    rows = Job.objects.create(
        kind=ACT_ON_ROWS, subject="x", state=Job.State.DONE, asked_by=by,
        arguments={"action": "clients.close", "client": None, "typed": {}, "reason": ""},
    )  # fmt: skip
    ActedRows.objects.create(job=rows, row_ids=[1], marks=["x"], is_done=True, left_out=[1], reasons="It is Closed.")
    SavedView.objects.create(owner=by, listing="clients", name="Closed ones", query={"status": ["closed"]}, shared=True)


def _merges(acme: Client, by) -> None:
    globex, initech = make_holder("Globex Inc"), make_holder("Initech")
    merge_clients(kept=acme, discarded=globex, by=by)
    undone = merge_clients(kept=acme, discarded=initech, by=by)
    undo_merge(merge=undone, by=by)
    dismiss_duplicate(one=acme, other=Client.objects.get(number=initech.number), by=by)


def _client_files(by) -> None:
    """Files that wait: with values to be agreed to and a client that may be there, and one that leaves a date open."""
    columns = {"ref": "External ID", "name": "Company Name", "mail": "Email Address", "seit": "Creation Date"}
    old = ClientFileMapping(name="Old system", source="Old", columns=columns, currency="EUR")
    save_mapping(mapping=old, by=by)
    rows = "ref,name,mail,seit\n1,Smith &amp; Sons,,2020-01-31\n2,Acme Ltd,,\n3,,x,\n"
    keep_client_file(name="old.csv", content=rows.encode(), mapping=old, by=by)
    keep_client_file(name="open.csv", content=b"ref,name,mail,seit\n1,Open,,03/04/2020\n", mapping=old, by=by)


def _countries() -> None:
    """What could be typed before there was a list to choose from."""
    for country in ("UK", "AU", "XK", "ZZ", ""):
        with suppress(ValidationError):  # the list refuses some
            make_client(f"Somebody of “{country}”", country=country)


def _payments(acme: Client, by) -> None:
    bank = PaymentFileMapping(
        name="Bank", date_column="Date", amount_column="Amount", text_column="Text", name_column="Name",
        payment_method=make_payment_method("Bank of Acme"), currency="USD",
    )  # fmt: skip
    save_format(mapping=bank, by=by)
    content = _BANK.replace(b"{label}", make_invoice(acme, usd("11.00"), credit_use="never").label.encode())
    import_payments(name="january.csv", content=content, mapping=bank, by=by)
    keep_upload(name="february.csv", content=content, mapping=bank, by=by)
    paid = Transaction.objects.filter(client=acme, kind="payment", amount_in=11).get()
    refund_payment(payment=paid, amount=usd("1.00"), by=by, to="method")


def _credit(acme: Client, by, today: datetime.date) -> None:
    give_credit(acme, usd("3.00"), "Soon over", expires_on=today)
    expire_credit(as_of=today + datetime.timedelta(days=1), by=by)
    rows = f"Client ID,Amount,Currency,Description\n{acme.number},2.00,USD,Sorry\n".encode()
    batch = preview_credit_file(path="sorry.csv", content=rows, by=by)
    book_credit_batch(batch_id=batch.pk, by=by)


def _company(by) -> None:
    """Who issues the invoices, and what a foreign currency is worth to them."""
    dot = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>"
    save_company(legal_name="Hoster GmbH", country="DE", accounting_currency="EUR", by=by, logo=dot)
    set_rate(currency="USD", day=timezone.localdate(), rate=Decimal("0.925"), by=by)
