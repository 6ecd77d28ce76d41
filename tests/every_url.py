"""An address for every URL of the product, walked from the URL configuration: a new page is in it at once."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, User
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from billing_admin.guide.pages import PAGES
from billing_admin.listing.acting import ROWS_ACTIONS
from billing_admin.models import Invitation, Job, Role, SavedFile, StaffSession, SystemImport
from clients.models import (
    Activity,
    ApprovalRequest,
    Client,
    ClientDocument,
    ClientFile,
    ClientFileMapping,
    ClientMerge,
    ClientNote,
    Contact,
    CustomField,
    MailboxMail,
    MailMessage,
)
from clients.views.summary import PANELS
from credits.models import CreditBatch, CreditEntry, CreditGrant
from invoices.models import BillableItem, CreditNote, Invoice, InvoiceRun, InvoiceRunError, ReminderHold, TaxRate
from invoices.services.tax_settings import add_tax_rate
from tests.factories import make_staff
from tests.limits import ask_for_approval
from tests.mails import mail_with_all
from tests.staff import invite_to
from tests.staged import booked_import, waiting_import
from tests.upgrades import one_of_everything
from transactions.models import PaymentBatch, PaymentFile, PaymentFileMapping, PaymentMethod, Transaction

# What a parameter stands for: by what comes before it in the route, and its own name. Rows of a client come with it.
_ROWS: dict[str, type[Any]] = {
    "clients/import/<int:file_pk>": ClientFile,
    "clients/import/mappings/<int:mapping_pk>": ClientFileMapping,
    "clients/<int:number>/contacts/<int:contact_pk>": Contact,
    "clients/<int:number>/notes/<int:note_pk>": ClientNote,
    "clients/<int:number>/files/<int:document_pk>": ClientDocument,
    "settings/fields/<int:field_pk>": CustomField,
    "settings/imports/<int:import_pk>": SystemImport,
    "settings/roles/<int:group_pk>": Role,
    "account/sessions/<int:session_pk>": StaffSession,
    "account/passkeys/<int:pk>": Authenticator,
    "clients/<int:number>/merges/<int:pk>": ClientMerge,
    "clients/<int:number>/credits/<int:pk>": CreditGrant,
    "clients/<int:number>/credits/entries/<int:pk>": CreditEntry,
    "invoices/<int:pk>": Invoice,
    "invoices/holds/<int:hold_pk>": ReminderHold,
    "invoices/credit-notes/<int:pk>": CreditNote,
    "invoices/runs/<int:run_pk>": InvoiceRun,
    "invoices/runs/errors/<int:error_pk>": InvoiceRunError,
    "billable-items/<int:pk>": BillableItem,
    "settings/tax/<int:pk>": TaxRate,
    "settings/limits/roles/<int:role_pk>": Group,
    "settings/limits/people/<int:person_pk>": User,
    "approvals/<int:request_pk>": ApprovalRequest,
    "settings/staff/<int:person_pk>": User,
    "settings/staff/invitations/<int:invitation_pk>": Invitation,
    "settings/roles/<int:role_pk>": Group,
    "mail/<int:message_pk>": MailMessage,
    "mail/mailbox/<int:kept_pk>": MailboxMail,
    "activity/<int:activity_pk>": Activity,
    "files/<int:job_pk>": SavedFile,
    "acted/<int:job_pk>": Job,
    "credits/batches/<uuid:batch_id>": CreditBatch,
    "transactions/<int:transaction_pk>": Transaction,
    "transactions/import/<int:file_pk>": PaymentFile,
    "transactions/import/booked/<int:batch_pk>": PaymentBatch,
    "transactions/import/formats/<int:format_pk>": PaymentFileMapping,
    "transactions/methods/<int:method_pk>": PaymentMethod,
}


def make_rows() -> None:
    """A database in which every address has something to show."""
    one_of_everything.make()
    mail_with_all(Client.objects.order_by("pk")[0])
    ask_for_approval(Client.objects.order_by("pk")[0])
    invite_to("Collections")
    ines = make_staff(username="ines")
    Authenticator.objects.create(user=ines, type=Authenticator.Type.WEBAUTHN, data={"name": "Key", "credential": {}})
    now = timezone.now()
    StaffSession.objects.create(digest="0" * 64, person=ines, data="", made_at=now, last_used_at=now)
    add_tax_rate(country="GB", name="VAT", rate=Decimal(20), by=None)
    booked_import()
    waiting_import()


# Of a table with more rows, so many are looked at: the first, the last and some between.
MOST = 4


def routes(patterns: list[Any] | None = None, before: str = "") -> Iterator[str]:
    """Every route, as `clients/<int:number>/`."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, before + str(each.pattern))
        else:
            assert isinstance(each, URLPattern)
            yield before + str(each.pattern)


def addresses() -> list[str]:
    """Every route with each of some rows in it; every parameter is known and every table has rows."""
    return [f"/{address}" for route in routes() for address in addresses_of(route)]


def addresses_of(route: str) -> list[str]:
    """The route with each of some rows in it."""
    found = re.search(r"<\w+:(\w+)>", route)
    if found is None:
        return [route]
    about = route[: found.end()]
    after = route[found.end() :].replace("<slug:kind>", "client")
    if found[1] == "name":
        return [f"{route[: found.start()]}{name}{after}" for name in PANELS]
    if found[1] == "page":
        return [f"{route[: found.start()]}{page}{after}" for page in PAGES]
    if found[1] == "listed" and "<slug:doing>" in after:
        acts = [name.split(".") for name in (*ROWS_ACTIONS, "clients.export", "invoices.documents")]
        return [f"{route[: found.start()]}{listed}{after.replace('<slug:doing>', doing)}" for listed, doing in acts]
    if found[1] == "listed":
        return [f"{route[: found.start()]}{name}{after}" for name in ("clients", "invoices")]
    if found[1] == "number" and "<slug:doing>" in after:
        number = Client.objects.order_by("pk")[0].number
        acts = [name.split(".") for name in ROWS_ACTIONS if not name.startswith(("clients.", "reminders-due."))]
        act = after.replace("<slug:listed>", "{}").replace("<slug:doing>", "{}")
        return [f"{route[: found.start()]}{number}{act.format(*each)}" for each in acts]
    if found[1] == "number":
        nested = re.match(r".*?<\w+:\w+>", after)
        if nested is None:
            clients = Client.objects.order_by("pk")
            return [f"{route[: found.start()]}{client.number}{after}" for client in _some(clients)]
        if nested[0].endswith("<slug:name>"):
            number = Client.objects.order_by("pk")[0].number
            return addresses_of(f"{route[: found.start()]}{number}{after}")
        model = _ROWS[about + nested[0]]
        rest = after[nested.end() :]
        path = nested[0].partition("<")[0]
        return [
            f"{route[: found.start()]}{_client_of(row).number}{path}{row.pk}{rest}"
            for row in _some(model.objects.order_by("pk"))
        ]
    model = _ROWS[about]
    # What was done to no client is for fewer people than what was done to one, which comes first.
    rows = _some(model.objects.order_by(*(["client_id"] if model is Activity else []), "pk"))
    return [f"{route[: found.start()]}{row.pk}{after}" for row in rows]


def _client_of(row: Any) -> Client:
    client: Client = row.kept if isinstance(row, ClientMerge) else row.client
    return client


def _some(rows: Any) -> list[Any]:
    every = list(rows)
    assert every, f"There is no {rows.model._meta.verbose_name} to look at."
    return [*every[:: max(1, len(every) // (MOST - 1))][: MOST - 1], every[-1]] if len(every) > MOST else every
