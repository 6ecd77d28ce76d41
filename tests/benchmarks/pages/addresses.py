"""Which pages are walked: every screen, with each of its filters and sorts, on a normal client and on a large one."""

import datetime
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from clients.models import Activity, Client, ClientGroup
from credits.models import CreditEntry, CreditGrant
from invoices.models import BillableItem, Invoice, InvoiceRun
from tests.benchmarks.synthetic.past import heavy_clients
from transactions.models import PaymentMethod, Transaction

type Page = tuple[str, str]
"""What it is called, and its address."""

# The clients come first of all, and have thousands of rows (billing_admin/demo/past.py).
_WHALE = 1

# Databases of so many clients have heavy ones, with tens of thousands (tests/benchmarks/synthetic/past.py).
HEAVY_FROM = 10_000


def pages(today: datetime.date) -> Iterator[Page]:
    """Every page of a database of synthetic clients; the names are the same whatever its size."""
    yield "Home", "/"
    yield "Home, rare currency", "/?currency=CHF"
    yield "Reports", "/reports/"
    yield from _activity(today)
    yield "Settings", "/settings/"
    yield from _search()
    yield "Guide", "/guide/credit/"
    yield from _clients()
    normal = _normal()
    first = Client.objects.order_by("pk")
    large = {"whale": first[_WHALE]}
    if first[HEAVY_FROM - 1 :].exists():
        owing, spending = heavy_clients(first[0].pk)
        large |= {"owing": first.get(pk=owing[0]), "heavy": first.get(pk=spending[0])}
    for who, one in {"client": normal, **large}.items():
        yield from of_client(who, one, normal, today)
    yield from _invoices(today)
    yield from _transactions(today)
    yield from _credits(today)
    yield from _items()
    yield from _other_ends_and_orders(today)
    yield from _rest()


def _activity(today: datetime.date) -> Iterator[Page]:
    yield "Activity", "/activity/"
    yield "Activity, last page", "/activity/?last=1"
    yield "Activity, of nobody", "/activity/?who=nobody"
    yield "Activity, of an action", "/activity/?action=invoice.issued"
    yield "Activity, of a subject that is rare", "/activity/?action=custom_field"
    yield "Activity, of a day", f"/activity/?from={today}&to={today}"
    yield "Activity, of a client", f"/activity/?client={_normal().number}"
    yield "Activity, of an address", "/activity/?place=203.0.113.7"
    yield "Activity, a row", f"/activity/{Activity.objects.order_by('-pk').values_list('pk', flat=True)[0]}/"


def _normal() -> Client:
    """A client in the middle with credit and with invoices."""
    first = Client.objects.order_by("pk")[0].pk
    middle = first + Client.objects.count() // 2
    near = Client.objects.filter(pk__gte=middle, pk__lte=middle + 400)
    return near.filter(credit_accounts__balance__gt=0, invoices__status="paid").order_by("pk").first() or near[0]


def _with(path: str, **asked: Any) -> str:
    return f"{path}?{urlencode(asked)}"


def _list(name: str, path: str, **filters: dict[str, Any]) -> Iterator[Page]:
    for words, asked in filters.items():
        yield f"{name}, {words}", _with(path, **asked)


def _after(rows: QuerySet[Any], column: str, part: float = 0.5) -> str:
    """A cursor that far into the ids of a list, without counting through it."""
    first, last = rows.order_by("pk").first(), rows.order_by("pk").last()
    row: Any = rows.filter(pk__gte=first.pk + int((last.pk - first.pk) * part)).order_by("pk").first()
    (field,) = (field for field in row._meta.fields if field.name == column)
    return json.dumps([field.value_to_string(row), row.pk])


def _search() -> Iterator[Page]:
    """What opens nothing at once, so that each is a page with all its groups."""
    searches = {
        "common name": "müller", "two words": "grace sato", "half a name": "botics", "e-mail of all": "example",
        "nothing": "xyzzyx", "two letters": "mü", "one letter": "m", "letters of none": "qx", "amount": "100.00 EUR",
        "reference": "ch_", "action": "add credit to müller", "page": "payment",
    }  # fmt: skip
    yield "Search", "/search/"
    yield from ((f"Search: {words}", _with("/search/", q=text)) for words, text in searches.items())
    yield from ((f"Choose: {words}", _with("/clients/choose/", q=text)) for words, text in searches.items())


def _clients() -> Iterator[Page]:
    some = _normal()
    path = "/clients/"
    yield "Clients", path
    searches = {
        "common name": "müller", "two words": "grace sato", "half a name": "botics", "e-mail of all": "example",
        "one e-mail": some.email, "rare word": some.email.partition("@")[0], "nothing": "xyzzyx", "number": some.number,
        "two letters": "mü", "one letter": "m", "letters of none": "qx", "company": "müller bakery gmbh",
    }  # fmt: skip
    yield from ((f"Clients, search: {words}", _with(path, q=text)) for words, text in searches.items())
    for status in Client.Status.values:
        yield f"Clients, {status}", _with(path, status=status)
    groups = dict(ClientGroup.objects.values_list("name", "pk"))
    yield "Clients, large group", _with(path, group=groups["Resellers"])
    yield "Clients, small group", _with(path, group=groups["Partners"])
    yield "Clients, small group by name", _with(path, group=groups["Partners"], sort="name")
    yield "Clients, closed in a small group", _with(path, group=groups["Partners"], status="closed")
    for sort, column in (("number", "number"), ("name", "sort_name"), ("since", "created_at")):
        yield f"Clients by {sort}", _with(path, sort=sort)
        yield f"Clients by {sort} descending", _with(path, sort=f"-{sort}")
        yield f"Clients by {sort}, far on", _with(path, sort=sort, after=_after(Client.objects.all(), column))
        yield f"Clients by {sort}, back", _with(path, sort=sort, before=_after(Client.objects.all(), column))
        yield f"Clients by {sort}, search", _with(path, sort=sort, q="müller")
        yield f"Clients by {sort}, closed", _with(path, sort=sort, status="closed")
        yield f"Clients by {sort}, closed, search", _with(path, sort=sort, status="closed", q="müller")
    yield "Duplicates", "/clients/duplicates/"


def of_client(who: str, client: Client, normal: Client, today: datetime.date) -> Iterator[Page]:
    """Every page of a client; one that is not normal is also merged with the normal one."""
    path = f"/clients/{client.number}/"
    quarter = today - datetime.timedelta(days=90)
    grants = CreditGrant.objects.filter(client=client)
    names = {
        "Summary": "", "Profile": "profile/", "Activity": "activity/", "notes": "notes/",
        "files": "files/", "statement": "statement/",
        "statement of two years": f"statement/?from={today - datetime.timedelta(days=730)}",
        "Manage Credits": "credits/manage/", "Credits": "credits/", "ledger": "credits/?show=ledger",
        "ledger that day": f"credits/?show=ledger&on={quarter}", "transfer credit": "credits/transfer/",
        "invoices": "invoices/", "unpaid invoices": "invoices/?status=unpaid", "overdue invoices":
        "invoices/?status=overdue", "invoices of days": f"invoices/?from={quarter}&to={today}",
        "transactions": "transactions/", "refunds": "transactions/?show=out", "billable items": "billable-items/",
        "merge, find": "merge/", "merge, search": "merge/?other=müller", "delete": "delete/", "close": "close/",
        "add transaction": "transactions/add/", "create invoice": "invoices/create/", "billing panel":
        "panels/billing/", "balances": "balances/", "charts": "charts/",
    }  # fmt: skip
    yield from ((f"{who}: {name}", path + rest) for name, rest in names.items())
    if client != normal:
        yield f"{who}: merge, preview", _with(f"{path}merge/", other=normal.number)
    if grant := grants.order_by("pk").last():
        yield f"{who}: a credit", f"{path}credits/{grant.pk}/"
    paid = Invoice.objects.filter(client=client, status="paid").order_by("-pk").first()
    if paid is not None:
        yield f"{who}: paid invoice", f"/invoices/{paid.pk}/"
        yield f"{who}: credit note", f"/invoices/{paid.pk}/credit-note/"
        yield f"{who}: document of an invoice", f"/invoices/{paid.pk}/document/"
    if payment := Transaction.objects.filter(client=client, kind="payment").order_by("pk").last():
        yield f"{who}: transaction", f"/transactions/{payment.pk}/"
        yield f"{who}: refund", f"/transactions/{payment.pk}/refund/"


def _days(today: datetime.date) -> dict[str, tuple[datetime.date, datetime.date]]:
    day = datetime.timedelta(days=1)
    return {
        "today": (today, today),
        "one day": (today - 400 * day, today - 400 * day),
        "an old month": (today - 430 * day, today - 400 * day),
        "a year": (today - 365 * day, today),
    }


def _invoices(today: datetime.date) -> Iterator[Page]:
    path = "/invoices/"
    some = (
        Invoice.objects.filter(client=_normal()).exclude(number=None).order_by("pk").first() or Invoice.objects.all()[0]
    )
    yield "Invoices", path
    yield "Invoices, far on", _with(path, after=_after(Invoice.objects.all(), "id"))
    yield "Invoices, back", _with(path, before=_after(Invoice.objects.all(), "id"))
    for status in ("unpaid", "overdue", "paid", "draft", "cancelled", "refunded", "writtenoff"):
        yield f"Invoices, {status}", _with(path, status=status)
        yield f"Invoices, {status}, rare currency", _with(path, status=status, currency="CHF")
        yield f"Invoices, {status}, common currency", _with(path, status=status, currency="EUR")
        if status != "draft":
            yield f"Invoices, {status} by date of issue", _with(path, status=status, sort="issued")
            yield f"Invoices, {status} by date of issue, latest", _with(path, status=status, sort="-issued")
            for words, (first, last) in _days(today).items():
                yield f"Invoices, {status}, {words}", _with(path, status=status, **{"from": first, "to": last})
        if status in ("unpaid", "overdue"):
            yield f"Invoices, {status} by due date", _with(path, status=status, sort="due")
            yield f"Invoices, {status} by due date, latest", _with(path, status=status, sort="-due")
    long_ago, recent = today - datetime.timedelta(days=90), today - datetime.timedelta(days=30)
    yield "Invoices, overdue, due long ago", _with(path, status="overdue", due_to=long_ago)
    yield "Invoices, overdue, due of late", _with(path, status="overdue", due_from=recent, due_to=today)
    yield (
        "Invoices, overdue, due of late, rare currency",
        _with(path, status="overdue", due_from=recent, currency="CHF"),
    )
    yield "Invoices, draft, drafted by", _with(path, status="draft", drafted_by=recent)
    for words, (first, last) in _days(today).items():
        yield f"Invoices, {words}", _with(path, **{"from": first, "to": last})
        yield f"Invoices, {words}, rare currency", _with(path, currency="CHF", **{"from": first, "to": last})
    yield "Invoices, rare currency", _with(path, currency="CHF")
    yield "Invoices, common currency", _with(path, currency="USD")
    for words, text in {
        "number": some.number, "label": some.label, "e-mail": some.client.email, "common name": "müller",
        "two words": "grace sato", "two letters": "mü", "rare word": some.client.email.partition("@")[0],
        "nothing": "xyzzyx",
    }.items():  # fmt: skip
        yield f"Invoices, search: {words}", _with(path, q=text)
    yield "Invoices, overdue, search", _with(path, q="müller", status="overdue")
    for status in ("unpaid", "draft", "cancelled", "refunded", "writtenoff"):
        if invoice := Invoice.objects.filter(status=status).order_by("pk").last():
            yield f"Invoice, {status}", f"/invoices/{invoice.pk}/"
    if unpaid := Invoice.objects.filter(status="unpaid").order_by("pk").first():
        for name in ("credit/apply", "payments/record", "cancel", "write-off"):
            yield f"Invoice, {name}", f"/invoices/{unpaid.pk}/{name}/"


def _transactions(today: datetime.date) -> Iterator[Page]:
    path = "/transactions/"
    some = Transaction.objects.filter(kind="payment", client=_normal()).order_by("pk").first()
    methods = dict(PaymentMethod.objects.values_list("name", "pk"))
    yield "Transactions", path
    yield "Transactions, far on", _with(path, after=_after(Transaction.objects.all(), "date"))
    yield "Transactions, oldest", _with(path, sort="date")
    for show in ("in", "out", "unattached"):
        yield f"Transactions, {show}", _with(path, show=show)
        yield f"Transactions, {show}, rare currency", _with(path, show=show, currency="CHF")
        yield f"Transactions, {show}, rare method", _with(path, show=show, method=methods["Cheque"])
    for words, name in (("common", "Card"), ("rare", "Cheque")):
        yield f"Transactions, {words} method", _with(path, method=methods[name])
        yield f"Transactions, {words} method, rare currency", _with(path, method=methods[name], currency="CHF")
    yield "Transactions, rare currency", _with(path, currency="CHF")
    yield "Transactions, common currency", _with(path, currency="USD")
    for words, (first, last) in _days(today).items():
        yield f"Transactions, {words}", _with(path, since=first, until=last)
        yield f"Transactions, out, {words}", _with(path, since=first, until=last, show="out")
    for words, text in {
        "reference": some.reference if some else "", "beginning of all references": "pay_", "number": _normal().number,
        "e-mail": _normal().email, "common name": "müller", "two letters": "mü", "nothing": "xyzzyx",
    }.items():  # fmt: skip
        yield f"Transactions, search: {words}", _with(path, q=text)
    if loose := Transaction.objects.filter(client_number=None).order_by("pk").last():
        yield "Transaction, unattached", f"/transactions/{loose.pk}/"
        yield "Transaction, attach", f"/transactions/{loose.pk}/attach/"


def _credits(today: datetime.date) -> Iterator[Page]:
    yield "Credits", "/credits/"
    yield "Credits, rare currency", "/credits/?currency=CHF"
    yield "Credits, far on", _with("/credits/", after=_after(CreditEntry.objects.all(), "id", 0.2))
    path = "/credits/entries/"
    yield "Ledger", path
    for kind in ("grant", "apply", "expire"):
        yield f"Ledger, {kind}", _with(path, kind=kind)
        yield f"Ledger, {kind}, rare currency", _with(path, kind=kind, currency="CHF")
    yield "Ledger, rare currency", _with(path, currency="CHF")
    yield "Ledger, common currency", _with(path, currency="EUR")
    for category in CreditGrant.Category.values:
        yield f"Ledger, {category}", _with(path, category=category)
        yield f"Ledger, applied {category}", _with(path, category=category, kind="apply")
    for words, (first, last) in _days(today).items():
        asked = {"from": first, "to": last}
        yield f"Ledger, {words}", _with(path, **asked)
        yield f"Ledger, applied {words}", _with(path, kind="apply", **asked)
        yield f"Ledger, {words}, rare currency", _with(path, currency="CHF", **asked)
    yield "Expiring", "/credits/expiring/"
    yield "Liability", "/credits/liability/"
    yield "Liability of a year", _with("/credits/liability/", **{"from": today - datetime.timedelta(days=365)})
    yield "Batches", "/credits/batches/"
    yield "Checks", "/credits/checks/"
    yield "Activity chain", "/credits/checks/activity/"


def _other_ends_and_orders(today: datetime.date) -> Iterator[Page]:
    """Last pages, opposites of filters, and orders that no index has, of few rows and of too many."""
    partners = ClientGroup.objects.get(name="Partners").pk
    lists = {
        "Clients": "/clients/", "Invoices": "/invoices/", "Transactions": "/transactions/", "Credits": "/credits/",
        "Ledger": "/credits/entries/", "Billable items": "/billable-items/",
    }  # fmt: skip
    for page in ("save", "views", "columns"):
        yield f"View of clients, {page}", _with(f"/lists/clients/{page}/", status="closed")
    for name, path in lists.items():
        yield f"{name}, last page", _with(path, last=1)
    for sort in ("name", "-name", "since"):
        yield f"Clients by {sort}, last page", _with("/clients/", sort=sort, last=1)
    yield "Clients, not active", _with("/clients/", **{"status-not": "active"})
    yield "Clients, not closed", _with("/clients/", **{"status-not": "closed"})
    yield "Clients, not in a small group", _with("/clients/", **{"group-not": partners})
    for status in ("paid", "overdue", "draft"):
        yield f"Invoices, not {status}", _with("/invoices/", **{"status-not": status})
    yield "Invoices, not in the common currency", _with("/invoices/", **{"currency-not": "EUR"})
    yield "Transactions, not in the common currency", _with("/transactions/", **{"currency-not": "EUR"})
    yield "Billable items, not monthly", _with("/billable-items/", **{"cycle-not": "monthly"})
    for sort in ("-credit", "unpaid", "email"):
        yield f"Sorted by {sort}, clients of a small group", _with("/clients/", group=partners, sort=sort)
        yield f"Sorted by {sort}, too many clients", _with("/clients/", sort=sort)
    yield "Sorted by total, drafts", _with("/invoices/", status="draft", sort="-total")
    yield "Sorted by total, too many invoices", _with("/invoices/", status="paid", sort="-total")
    yield "Sorted by amount, transactions of a day", _with("/transactions/", since=today, until=today, sort="-in")
    yield "Sorted by amount, too many transactions", _with("/transactions/", since=today.replace(year=2000), sort="-in")
    yield from _by_amount()


def _by_amount() -> Iterator[Page]:
    """Orders of amounts that have an index, both ways and at both ends, and amounts between two."""
    orders = {
        "/invoices/": ("total",), "/transactions/": ("in", "fees", "out"), "/credits/entries/": ("amount",),
        "/invoices/credit-notes/": ("total", "issued"),
    }  # fmt: skip
    for path, sorts in orders.items():
        for sort in (each for name in sorts for each in (name, f"-{name}")):
            yield f"{path} by {sort}", _with(path, sort=sort)
            yield f"{path} by {sort}, last page", _with(path, sort=sort, last=1)
    between = {"currency": "EUR", "amount_from": 10, "amount_to": 500}
    yield "Invoices, between two totals", _with("/invoices/", currency="EUR", total_from=10, total_to=500)
    yield "Invoices, paid, of a total", _with("/invoices/", status="paid", currency="EUR", total_from=49, total_to=49)
    yield "Transactions, between two amounts", _with("/transactions/", **between)
    yield "Transactions, out, between two amounts", _with("/transactions/", show="out", **between)
    yield "Ledger, between two amounts", _with("/credits/entries/", **between)


def _items() -> Iterator[Page]:
    path = "/billable-items/"
    yield "Billable items", path
    for state in ("due", "paused", "ended"):
        yield f"Billable items, {state}", _with(path, state=state)
    for cycle in ("monthly", "yearly", "weekly"):
        yield f"Billable items, {cycle}", _with(path, cycle=cycle)
    yield "Billable items, paused yearly", _with(path, state="paused", cycle="yearly")
    yield "Billable items, search: common name", _with(path, q="müller")
    yield "Billable items, search: e-mail", _with(path, q=_normal().email)
    yield "Billable item", f"{path}{BillableItem.objects.order_by('pk').last().pk}/"


def _rest() -> Iterator[Page]:
    yield "Runs", "/invoices/runs/"
    yield "Run", f"/invoices/runs/{InvoiceRun.objects.order_by('pk').last().pk}/"
    yield "Run, unbilled", f"/invoices/runs/{InvoiceRun.objects.order_by('pk').last().pk}/?unbilled=1"
    yield "Start a run", "/invoices/runs/start/"
    yield "Mail", "/mail/"
    yield "Mail, perhaps sent", "/mail/?state=perhaps_sent"
    yield "Mail, reminders", "/mail/?kind=reminder"
    yield "Mail, failed invoices", "/mail/?state=failed&kind=invoice"
    yield "Mail, search: e-mail", _with("/mail/", q=_normal().email)
    yield "Mail, that failed and was not sent again", "/mail/?open=failed"
    yield "Mail of a client", f"/clients/{_normal().number}/mail/"
    yield "Mailbox", "/mail/mailbox/"
    yield "Mail settings", "/settings/mail/"
    yield "Reminder levels", "/settings/mail/reminders/"
    yield "Reminders due", "/invoices/reminders/"
    yield "Reminders due, of a level", "/invoices/reminders/?level=2"
    yield "Reminders due, by what is due", "/invoices/reminders/?sort=-left"
    yield "Reminders due, rare currency", "/invoices/reminders/?currency=CHF"
    yield "Reminders due, search: e-mail", _with("/invoices/reminders/", q=_normal().email)
    yield "Texts of mail", "/settings/mail/texts/"
    yield "Company", "/settings/company/"
    yield "Exchange rates", "/settings/company/rates/"
    yield "Tax", "/settings/tax/"
    yield "Numbering", "/settings/numbering/"
    yield "Files", "/settings/files/"
    yield "Roles", "/settings/roles/"
    yield "Limits", "/settings/limits/"
    yield "Requests for approval", "/approvals/"
    yield "Staff", "/settings/staff/"
    yield "Add Role", "/settings/roles/add/"
    yield "Your E-mail Address", "/account/e-mail/"
    yield "Sign-in & security", "/account/"
    yield "Imports of other systems", "/settings/imports/"
    yield "Fields of the profile", "/settings/fields/"
    yield "Run limits", "/settings/invoice-runs/"
    yield "Payment methods", "/transactions/methods/"
    yield "Import payments", "/transactions/import/"
