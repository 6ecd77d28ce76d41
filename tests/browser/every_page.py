"""Every page there is, by a name, for a client that has something of everything (`acme` of test_accessibility)."""

import datetime

from django.contrib.auth.models import Group, User
from django.urls import reverse
from django.utils import timezone

from billing_admin.jobs.enqueue import enqueue_job
from billing_admin.models import Job, Role
from clients.models import Client, ClientFileMapping, CustomField, MailboxMail
from clients.services.importing.mappings import save_mapping
from clients.services.importing.upload import keep_client_file
from clients.services.reminders import pause_reminders
from credits.models import CreditBatch
from credits.services.bulk.preview import preview_credit_file
from credits.tasks import BOOK_BATCH
from invoices.models import Invoice, InvoiceRun, InvoiceRunError
from invoices.services.documents import MOST_LINES_AT_ONCE
from invoices.services.reminders.holds import hold_reminders
from invoices.services.runs.generate import close_interrupted_runs
from invoices.services.runs.start import start_run
from tests.browser.staff_pages import STAFF_PAGES
from tests.factories import make_client, make_invoice, make_staff, usd
from tests.mail import switch_on
from tests.reminders import overdue
from tests.staged import booked_import, waiting_import
from transactions.models import PaymentBatch, PaymentFile, PaymentFileMapping, Transaction
from transactions.services.importing.book import import_payments
from transactions.services.importing.upload import keep_upload


def batch_of(acme: Client) -> CreditBatch:
    """A preview with a good row and a bad one."""
    rows = f"Client ID,Amount,Currency,Description\n{acme.number},5,USD,Downtime\n999999999,5,USD,Downtime\n"
    return preview_credit_file(path="downtime.csv", content=rows.encode(), by=None)


def waiting_booking(acme: Client) -> str:
    """A batch that no worker takes up."""
    batch = batch_of(acme)
    job = enqueue_job(kind=BOOK_BATCH, subject=batch.pk, by=None)
    Job.objects.update(asked_at=timezone.now() - datetime.timedelta(minutes=1))
    return reverse("credits:batch", args=[batch.pk]) + f"?job={job.pk}"


def unread_file() -> str:
    """A large file that was uploaded, and that no worker is to read."""
    batch = CreditBatch.objects.create(file_name="downtime.csv", digest="0", created_by_name="Anna")
    return reverse("credits:batch", args=[batch.pk])


def long_invoice() -> Invoice:
    """An invoice of somebody else whose document nobody waits for in front of a screen, and no worker draws."""
    return make_invoice(make_client("Long Ltd"), *[usd("1.00")] * (MOST_LINES_AT_ONCE + 1))


def make_runs(acme: Client) -> None:
    """A run that lost its process and could not bill one client, a run that no worker takes up, and a daily task."""
    day = datetime.date(2026, 3, 1)
    totals = {"USD": {"invoices": 2, "total": "20.00", "credit_applied": "5.00", "paid": 0}}
    lost = InvoiceRun.objects.create(
        as_of=day, state="running", clients_due=3, clients_done=2, totals=totals, started_by_name="Anna"
    )
    InvoiceRunError.objects.create(run=lost, client=acme, reason="The invoice would be 1,000.00 USD.")
    close_interrupted_runs()
    run = start_run(as_of=day, dry_run=False, today=day, by=None)
    InvoiceRun.objects.filter(pk=run.pk).update(started_at=timezone.now() - datetime.timedelta(minutes=1))
    Job.objects.create(kind="daily.expire_credit", state="done", started_at=timezone.now(), outcome="Nothing.")


def of_payment(name: str, reference: str = "ch_1") -> str:
    return reverse(f"transactions:{name}", args=[Transaction.objects.get(reference=reference).pk])


def client_file(rows: bytes) -> int:
    """The key of an uploaded file of another system's clients."""
    columns = {"id": "External ID", "name": "Company Name", "since": "Creation Date"}
    mapping = ClientFileMapping.objects.filter(source="Old").first() or save_mapping(
        mapping=ClientFileMapping(name="Old", source="Old", columns=columns, currency="EUR"), by=None
    )
    upload = keep_client_file(name="old.csv", content=b"id,name,since\n" + rows, mapping=mapping, by=make_staff())
    return upload.pk


def payment_file(rows: bytes) -> int:
    """The key of an uploaded file of payments of which nothing says how a date is written."""
    mapping = PaymentFileMapping.objects.get()
    upload = keep_upload(name="more.csv", content=b"D,A,Text\n" + rows, mapping=mapping, by=make_staff())
    return upload.pk


def booked_file() -> int:
    """The key of a file that is booked, of nobody's money."""
    rows = b"D,A\n2026-03-01,9\n"
    import_payments(name="booked.csv", content=rows, mapping=PaymentFileMapping.objects.get(), by=None)
    return PaymentBatch.objects.get().pk


def other_than(acme):
    return Client.objects.exclude(pk=acme.pk).get()


def many(listed, doing):
    return reverse("act_on_rows", args=[listed, doing])


def held(acme):
    """A mark of the unpaid invoice, whose payment was announced."""
    unpaid, today = acme.invoices.get(status="unpaid"), timezone.localdate()
    return unpaid.reminder_holds.filter(lifted_at=None).first() or hold_reminders(
        invoice=unpaid, kind="announced", said_on=today, until=today, reason="Next week, says Ann", by=None
    )


def reminders_due() -> str:
    """Where there are two: one of them of a client whose name and address are long."""
    switch_on("reminder")
    overdue(9, make_client("Ann"))
    overdue(40, make_client("Donaudampfschifffahrtsgesellschaft", email=f"{'accounts' * 6}@example.com"), "1234.56")
    return reverse("invoices:reminders_due")


def paused(acme: Client) -> str:
    """The popup of a client whose reminders are paused."""
    pause_reminders(client=acme, until=timezone.localdate() + datetime.timedelta(days=9), by=None)
    return reverse("clients:pause_reminders", args=[acme.number])


PAGES = {
    **STAFF_PAGES,
    "home": lambda acme: reverse("home"),
    "clients": lambda acme: reverse("clients:list"),
    "clients without a match": lambda acme: reverse("clients:list") + "?q=nobody",
    "filtered clients": lambda acme: reverse("clients:list") + "?status-not=closed&q=a&sort=-credit",
    "give credit to clients": lambda acme: reverse("credits:give_to_many") + f"?row={acme.pk}",
    "set group": lambda acme: many("clients", "group") + f"?row={acme.pk}",
    "issue drafts": lambda acme: many("invoices", "issue") + "?all=1",
    "close clients": lambda acme: many("clients", "close") + f"?row={acme.pk}",
    "write a note on each": lambda acme: many("clients", "note") + f"?row={acme.pk}",
    "export what is ticked": lambda acme: many("clients", "export") + f"?row={acme.pk}",
    "delete billable items": lambda acme: many("billable-items", "delete") + "?all=1",
    "done with many rows": lambda acme: reverse("acted_before"),
    "drafts": lambda acme: reverse("invoices:list") + "?status=draft",
    "save view": lambda acme: reverse("save_view", args=["clients"]) + "?status=active",
    "views": lambda acme: reverse("saved_views", args=["clients"]),
    "columns": lambda acme: reverse("choose_columns", args=["clients"]),
    "add client": lambda acme: reverse("clients:add"),
    "summary": lambda acme: reverse("clients:summary", args=[acme.number]),
    "profile": lambda acme: reverse("clients:profile", args=[acme.number]),
    "find the other client": lambda acme: reverse("clients:merge", args=[acme.number]) + "?other=nobody",
    "merge": lambda acme: f"{reverse('clients:merge', args=[acme.number])}?other={other_than(acme).number}",
    "proof": lambda acme: reverse("clients:merge_proof", args=[acme.number, acme.merges.get().pk]),
    "delete client": lambda acme: reverse("clients:delete", args=[acme.number]),
    "close": lambda acme: reverse("clients:close", args=[acme.number]),
    "duplicates": lambda acme: reverse("clients:duplicates"),
    "add contact": lambda acme: reverse("clients:add_contact", args=[acme.number]),
    "edit contact": lambda acme: reverse("clients:edit_contact", args=[acme.number, acme.contacts.get().pk]),
    "remove contact": lambda acme: reverse("clients:remove_contact", args=[acme.number, acme.contacts.get().pk]),
    "notes of a client": lambda acme: reverse("clients:notes", args=[acme.number]),
    "add note": lambda acme: reverse("clients:add_note", args=[acme.number]),
    "edit note": lambda acme: reverse("clients:edit_note", args=[acme.number, acme.notes.first().pk]),
    "files of a client": lambda acme: reverse("clients:documents", args=[acme.number]),
    "delete file": lambda acme: reverse("clients:delete_document", args=[acme.number, acme.documents.get().pk]),
    "imports": lambda acme: reverse("system_imports"),
    "import that waits": lambda acme: reverse("system_import", args=[waiting_import().pk]),
    "import that is booked": lambda acme: reverse("system_import", args=[booked_import().pk]),
    "rows of an import": lambda acme: reverse("system_import_rows", args=[waiting_import().pk, "client"]),
    "book an import": lambda acme: reverse("commit_import", args=[waiting_import().pk]),
    "discard an import": lambda acme: reverse("discard_import", args=[waiting_import().pk]),
    "receipt of an import": lambda acme: reverse("system_import_receipt", args=[booked_import().pk]),
    "switch over": lambda acme: reverse("switch_import", args=[booked_import().pk]),
    "fields of the profile": lambda acme: reverse("custom_fields"),
    "add field of the profile": lambda acme: reverse("add_custom_field"),
    "field of the profile": lambda acme: reverse("edit_custom_field", args=[CustomField.objects.first().pk]),
    "roles": lambda acme: reverse("roles"),
    "limits": lambda acme: reverse("limits"),
    "limits of a role": lambda acme: reverse("limits_of_role", args=[Group.objects.earliest("pk").pk]),
    "limits of a person": lambda acme: reverse("limits_of_person", args=[User.objects.earliest("pk").pk]),
    "requests for approval": lambda acme: reverse("approvals"),
    "request for approval": lambda acme: reverse("approval", args=[acme.approval_requests.earliest("pk").pk]),
    "second factor of a role": lambda acme: reverse("require_second_factor", args=[Role.objects.first().pk]),
    "sign-in and security": lambda acme: reverse("mfa_index"),
    "change password": lambda acme: reverse("account_change_password"),
    "add an app": lambda acme: reverse("mfa_activate_totp"),
    "add a passkey": lambda acme: reverse("mfa_add_webauthn"),
    "settings of files": lambda acme: reverse("document_settings"),
    "activity": lambda acme: reverse("clients:activity", args=[acme.number]),
    "imported history": lambda acme: reverse("clients:imported_history", args=[acme.number]),
    "credits list": lambda acme: reverse("credits:of_client", args=[acme.number]) + "?adjustments=1",
    "ledger": lambda acme: reverse("credits:of_client", args=[acme.number]) + "?show=ledger",
    "manage credits": lambda acme: reverse("credits:manage", args=[acme.number]),
    "invoices": lambda acme: reverse("invoices:list"),
    "invoices of a client": lambda acme: reverse("invoices:of_client", args=[acme.number]),
    "create invoice for a client": lambda acme: reverse("invoices:create_for") + "?client=nobody",
    "create invoice": lambda acme: reverse("invoices:create", args=[acme.number]),
    "paid invoice": lambda acme: reverse("invoices:detail", args=[acme.invoices.get(status="paid").pk]),
    "unpaid invoice": lambda acme: reverse("invoices:detail", args=[acme.invoices.get(status="unpaid").pk]),
    "draft": lambda acme: reverse("invoices:detail", args=[acme.invoices.get(status="draft").pk]),
    "issue": lambda acme: reverse("invoices:issue", args=[acme.invoices.get(status="draft").pk]),
    "remove credit": lambda acme: reverse("credits:remove", args=[acme.number]),
    "transfer credit": lambda acme: reverse("credits:transfer", args=[acme.number]),
    "one credit": lambda acme: reverse("credits:grant", args=[acme.number, acme.credit_grants.first().pk]),
    "edit credit": lambda acme: reverse("credits:edit", args=[acme.number, acme.credit_grants.first().pk]),
    "take back": lambda acme: reverse("credits:take_back", args=[acme.number, acme.credit_grants.first().pk]),
    "apply credit": lambda acme: reverse("credits:apply", args=[acme.invoices.get(status="unpaid").pk]),
    "take credit off": lambda acme: reverse("credits:release", args=[acme.invoices.get(status="paid").pk]),
    "who holds credit": lambda acme: reverse("credits:holders"),
    "expiring credit": lambda acme: reverse("credits:expiring"),
    "ledger of all": lambda acme: reverse("credits:entries"),
    "liability": lambda acme: reverse("credits:liability"),
    "bulk credit": lambda acme: reverse("credits:batches"),
    "upload": lambda acme: reverse("credits:upload"),
    "preview of credit": lambda acme: reverse("credits:batch", args=[batch_of(acme).pk]),
    "ledger check": lambda acme: reverse("credits:checks"),
    "activity chain": lambda acme: reverse("credits:activity_chain"),
    "statement": lambda acme: reverse("clients:statement", args=[acme.number]),
    "settings": lambda acme: reverse("settings"),
    "search": lambda acme: reverse("search") + "?q=acme",
    "search without a match": lambda acme: reverse("search") + "?q=xyzzyx",
    "search before anything is typed": lambda acme: reverse("search"),
    "reports": lambda acme: reverse("reports"),
    "all activity": lambda acme: reverse("activity"),
    "row of activity": lambda acme: reverse("activity_row", args=[acme.activities.latest("pk").pk]),
    "guide": lambda acme: reverse("guide_page", args=["credit"]),
    "charts of a client": lambda acme: reverse("clients:charts", args=[acme.number]),
    "edit draft": lambda acme: reverse("invoices:edit", args=[acme.invoices.get(status="draft").pk]),
    "delete draft": lambda acme: reverse("invoices:delete", args=[acme.invoices.get(status="draft").pk]),
    "document that a worker draws": lambda acme: reverse("invoices:document", args=[long_invoice().pk]),
    "notes": lambda acme: reverse("invoices:notes", args=[acme.invoices.get(status="unpaid").pk]),
    "duplicate": lambda acme: reverse("invoices:duplicate", args=[acme.invoices.get(status="paid").pk]),
    "cancel": lambda acme: reverse("invoices:cancel", args=[acme.invoices.get(status="unpaid").pk]),
    "write off": lambda acme: reverse("invoices:write_off", args=[acme.invoices.get(status="unpaid").pk]),
    "invoice written off": lambda acme: reverse("invoices:detail", args=[acme.invoices.get(status="writtenoff").pk]),
    "reverse a write-off": lambda acme: reverse(
        "invoices:reverse_write_off", args=[acme.invoices.get(status="writtenoff").pk]
    ),
    "payment of what is written off": lambda acme: reverse(
        "transactions:record", args=[acme.invoices.get(status="writtenoff").pk]
    ),
    "invoice whose payment is announced": lambda acme: reverse("invoices:detail", args=[held(acme).invoice_id]),
    "announce a payment": lambda acme: reverse("invoices:announce", args=[acme.invoices.get(status="unpaid").pk]),
    "dispute an invoice": lambda acme: reverse("invoices:dispute", args=[acme.invoices.get(status="unpaid").pk]),
    "lift a mark": lambda acme: reverse("invoices:lift_hold", args=[held(acme).pk]),
    "reminders due": lambda acme: reminders_due(),
    "send reminders": lambda acme: reminders_due() and many("reminders-due", "send") + "?all=1",
    "levels of reminders": lambda acme: reverse("invoices:reminder_levels"),
    "pause reminders": lambda acme: paused(acme),
    "issue credit note": lambda acme: reverse(
        "invoices:issue_credit_note", args=[acme.invoices.get(status="unpaid").pk]
    ),
    "credit notes": lambda acme: reverse("invoices:credit_notes"),
    "credit note": lambda acme: reverse("invoices:credit_note", args=[acme.credit_notes.get().pk]),
    "billable items": lambda acme: reverse("invoices:billable_items"),
    "billable items of a client": lambda acme: reverse("invoices:billable_items_of_client", args=[acme.number]),
    "add billable item": lambda acme: reverse("invoices:add_item", args=[acme.number]),
    "billable item": lambda acme: reverse("invoices:edit_item", args=[acme.billable_items.get().pk]),
    "end billable item": lambda acme: reverse("invoices:end_item", args=[acme.billable_items.get().pk]),
    "runs": lambda acme: reverse("invoices:runs"),
    "run that was interrupted": lambda acme: reverse("invoices:run", args=[InvoiceRun.objects.order_by("pk")[0].pk]),
    "run that waits for a worker": lambda acme: reverse("invoices:run", args=[InvoiceRun.objects.order_by("pk")[1].pk]),
    "start a run": lambda acme: reverse("invoices:start_run"),
    "bill again": lambda acme: reverse("invoices:try_again", args=[InvoiceRunError.objects.get().pk]),
    "limits of runs": lambda acme: reverse("invoices:run_limits"),
    "booking of credit that waits": lambda acme: waiting_booking(acme),
    "file of credit not read": lambda acme: unread_file(),
    "mail": lambda acme: reverse("mail:list"),
    "mail that failed": lambda acme: reverse("mail:list") + "?open=failed&state-not=sent",
    "mail of a client": lambda acme: reverse("clients:mail", args=[acme.number]),
    "message": lambda acme: reverse("mail:message", args=[acme.mail.get(state="sent").pk]),
    "message perhaps sent": lambda acme: reverse("mail:message", args=[acme.mail.get(state="perhaps_sent").pk]),
    "message that waits": lambda acme: reverse("mail:message", args=[acme.mail.get(state="waiting").pk]),
    "send mail again": lambda acme: many("mail", "again") + "?all=1",
    "mail arrived": lambda acme: many("mail", "arrived") + "?all=1",
    "mailbox": lambda acme: reverse("mail:mailbox"),
    "mail in the mailbox": lambda acme: reverse("mail:kept", args=[MailboxMail.objects.get().pk]),
    "settings of mail": lambda acme: reverse("mail:settings"),
    "test message": lambda acme: reverse("mail:test"),
    "texts of mail": lambda acme: reverse("mail:texts"),
    "text of mail": lambda acme: reverse("mail:text") + "?kind=reminder&level=2&language=de",
    "reset a text of mail": lambda acme: reverse("mail:text_reset") + "?kind=invoice&language=de",
    "send invoice": lambda acme: reverse("invoices:send", args=[acme.invoices.get(status="unpaid").pk]),
    "send credit note": lambda acme: reverse("invoices:send_note", args=[acme.credit_notes.get().pk]),
    "company": lambda acme: reverse("invoices:company"),
    "exchange rates": lambda acme: reverse("invoices:exchange_rates"),
    "tax": lambda acme: reverse("invoices:tax"),
    "tax rate": lambda acme: reverse("invoices:add_rate"),
    "numbering": lambda acme: reverse("invoices:numbering"),
    "transactions": lambda acme: reverse("transactions:list"),
    "transactions without a match": lambda acme: reverse("transactions:list") + "?q=nobody",
    "transactions of a client": lambda acme: reverse("transactions:of_client", args=[acme.number]),
    "transaction": lambda acme: of_payment("detail"),
    "unattached transaction": lambda acme: of_payment("detail", "T1"),
    "add transaction": lambda acme: reverse("transactions:add"),
    "add transaction for a client": lambda acme: reverse("transactions:add_for_client", args=[acme.number]),
    "refund": lambda acme: of_payment("refund"),
    "reverse": lambda acme: of_payment("reverse"),
    "delete unattached money": lambda acme: (
        many("transactions", "delete") + f"?row={of_payment('detail', 'T1')[14:-1]}"
    ),
    "delete transactions": lambda acme: (
        reverse("clients:act_on_rows", args=[acme.number, "transactions", "delete"]) + "?all=1"
    ),
    "attach": lambda acme: of_payment("attach", "T1"),
    "payment methods": lambda acme: reverse("transactions:methods"),
    "add payment method": lambda acme: reverse("transactions:add_method"),
    "import payments": lambda acme: reverse("transactions:import"),
    "preview of payments": lambda acme: reverse("transactions:preview", args=[PaymentFile.objects.get().pk]),
    "file format": lambda acme: reverse("transactions:edit_format", args=[PaymentFileMapping.objects.get().pk]),
    "record payment": lambda acme: reverse("transactions:record", args=[acme.invoices.get(status="unpaid").pk]),
    "question about payments": lambda acme: reverse("transactions:preview", args=[payment_file(b"03/04/2026,9,x\n")]),
    "take payments back": lambda acme: reverse("transactions:take_back", args=[booked_file()]),
    "import clients": lambda acme: reverse("clients:import"),
    "preview of clients": lambda acme: reverse(
        "clients:import_preview", args=[client_file(b"1,Smith &amp; Sons,2020-01-31\n2,Acme Ltd,\n,x,x\n")]
    ),
    "question about clients": lambda acme: reverse("clients:import_preview", args=[client_file(b"1,Ann,03/04/2020\n")]),
    "client file mapping": lambda acme: reverse("clients:edit_mapping", args=[ClientFileMapping.objects.get().pk]),
    "add client file mapping": lambda acme: reverse("clients:add_mapping"),
    "add file format": lambda acme: reverse("transactions:add_format"),
}
