"""Statements of account of many clients in a ZIP: asked for here, made by a worker, saved by who asked within a day."""

import datetime
import zipfile
from collections.abc import Callable, Iterable
from typing import IO

from django.contrib.auth.models import User
from django.utils import timezone

from billing_admin.db.positions import counted
from billing_admin.documents import Press
from billing_admin.errors import BusinessError
from billing_admin.listing.sheets import MAKE_STATEMENTS, ask_for_sheet
from billing_admin.models import Job
from billing_admin.web.lists import SAVE, Listing
from clients.documents.statement import statement_sheet
from clients.models import Client
from clients.selectors.statement import statement
from clients.selectors.statements import why_no_period, with_owing
from invoices.models import SellerVersion
from invoices.services.documents import Packed, add_to_zip

# Who may have a statement as a file.
RIGHTS = ("clients.view_client", "invoices.view_invoice", "transactions.view_transaction", "credits.view_credit", SAVE)
MOST = 5_000


def ask_for_statements(
    listing: "Listing[Client]", *, first: datetime.date, last: datetime.date, only_owing: bool, by: User
) -> Job:
    """Have a worker put the statements of the clients that were chosen in a list into a ZIP, whether mail is on or off.

    Raises BusinessError.
    """
    if why := why_no_period(first, last):
        raise BusinessError(why)
    if not listing.chosen(at_most=1):
        raise BusinessError("Nothing was chosen. Tick rows of the list, or all that are listed.")
    if (count := counted(listing.in_file.values_list("pk"), MOST)) is None:
        raise BusinessError(f"More than {MOST:,} clients are too many for one ZIP. Filter them first.")
    job = ask_for_sheet(
        listing, by=by, kind=MAKE_STATEMENTS, name=f"statements-{first}-{last}.zip",
        first=str(first), last=str(last), only_owing=only_owing,
    )  # fmt: skip
    whose = f"{listing.file_label[:1].lower()}{listing.file_label[1:]}"
    what = f"Statements from {first:%-d %b %Y} to {last:%-d %b %Y} of {whose}"
    listing.write_down(what, file=job.file.name, rows=count)
    return job


def ids_with_statement(ids: Iterable[int], *, only_owing: bool) -> list[int]:
    """Of these clients those who get one, in the order of their numbers."""
    found = with_owing(Client.objects.filter(pk__in=list(ids)))
    return list((found.filter(owes=True) if only_owing else found).order_by("number").values_list("pk", flat=True))


def write_statements(
    ids: Iterable[int],
    file: IO[bytes],
    *,
    first: datetime.date,
    last: datetime.date,
    told: Callable[[int], object] = lambda done: None,
) -> Packed:
    """Write the statement of each client, drawn one after the other: named by number and period alone.

    What cannot be drawn is left out and told, by number. So is who was merged meanwhile: each client is read right
    before its statement, which would say of one that is gone that nothing is owed. `told` gets how many were looked at.
    """
    written, left_out = 0, list[str]()
    company, now = SellerVersion.objects.current(), timezone.now()
    with Press() as press, zipfile.ZipFile(file, "w") as zipped:
        for done, pk in enumerate(ids, 1):
            client = Client.objects.filter(pk=pk).first()
            if client is None:
                left_out.append("A client was merged with another one meanwhile.")
                told(done)
                continue
            try:
                drawn = press.draw(statement_sheet(client, statement(client, first, last), first, last, company))
            except BusinessError as error:
                left_out.append(f"Client {client.number}: {error}")
            else:
                name = f"statement-{client.number}-{first}-{last}.pdf"
                add_to_zip(zipped, name, drawn.content, now, zipfile.ZIP_STORED)
                written += 1
            told(done)
    return Packed(written, left_out)
