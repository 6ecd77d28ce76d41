"""Signing in and out, and that nothing is open to those who are not allowed: every URL of the project is walked."""

import datetime
import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group, User
from django.urls import URLPattern, URLResolver, get_resolver

from billing_admin.staff.groups import GROUPS, VIEWER
from billing_admin.staff.sign_in.forms import WRONG
from billing_admin.web.needs import Rights
from clients.models import Activity, ClientFile, ClientFileMapping, Contact, CustomField, MailboxMail
from clients.services.merge.merge_clients import merge_clients
from credits.models import CreditBatch
from invoices.models import InvoiceRun, InvoiceRunError, ReminderHold, TaxRate
from invoices.services.company import save_company
from invoices.services.credit_notes import issue_credit_note
from tests.factories import give_credit, make_client, make_invoice, make_item, make_staff, usd
from tests.invoices.test_company import SQUARE
from tests.limits import ask_for_approval
from tests.mails import mail_with_all
from tests.pages import fill, get_page, parse
from tests.staff import invite_to, role
from tests.staged import booked_import
from tests.unchanged import nothing_changes
from transactions.models import PaymentBatch, PaymentFile, PaymentFileMapping, PaymentMethod
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db


def all_patterns(
    resolver: URLResolver | None = None, route: str = "", namespace: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    """Name, route and pattern of every URL of the project."""
    for part in (resolver or get_resolver()).url_patterns:
        if isinstance(part, URLResolver):
            inner = f"{namespace}{part.namespace}:" if part.namespace else namespace
            yield from all_patterns(part, route + str(part.pattern), inner)
        else:
            yield f"{namespace}{part.name}", route + str(part.pattern), part


# What each view says that it needs; tests/rights compares it with the table of all in docs/rights.md.
RIGHTS = {name: getattr(part.callback, "rights", Rights()) for name, _, part in all_patterns()}
GUARDED = [name for name, rights in RIGHTS.items() if rights.said != "open"]
OWN = {name for name, rights in RIGHTS.items() if rights.said == "own"}
# What a POST to these saves is a file: all that it writes is that it was saved. (A receipt is no list.) All activity
# is for others than a Viewer.
SAVING = {name for name, rights in RIGHTS.items() if "clients.save_lists" in rights.to_send} - OWN - {"activity"}
SAVING |= {"credits:receipt"}
# How one sees a list, which nobody else is shown but as one wants.
OF_ONESELF = {name for name, rights in RIGHTS.items() if rights.said == "what the list needs"}


@pytest.fixture
def addresses():
    """Name → an address of that URL which exists."""
    acme = make_client()
    grant = give_credit(acme, usd("5.00"))
    invoice = make_invoice(acme, usd("10.00"))
    batch = CreditBatch.objects.create(file_name="downtime.csv", created_by_name="ann")
    note = issue_credit_note(invoice=make_invoice(acme, usd("10.00")), reason="Downtime", by=None).note
    item = make_item(acme, usd("10.00"), due=datetime.date(2026, 1, 1))
    rate = TaxRate.objects.create(country="DE", name="MwSt", rate=19)
    save_company(legal_name="Hoster GmbH", country="DE", accounting_currency="EUR", logo=SQUARE, by=None)
    card = PaymentMethod.objects.get(name="Card")
    payment = receive_payment(client=acme, amount=usd("5.00"), payment_method=card, by=None).transaction
    mapping = PaymentFileMapping.objects.create(name="Bank", date_column="Date", amount_column="Amount")
    file = PaymentFile.objects.create(name="bank.csv", content=b"Date,Amount", uploaded_by=make_staff())
    booked = PaymentBatch.objects.create(name="bank.csv", format_name="Bank", created_by_name="System")
    names = ClientFileMapping.objects.create(name="Old", source="Old")
    ClientFile.objects.create(pk=file.pk, name="clients.csv", content=b"Client ID", uploaded_by=file.uploaded_by)
    run = InvoiceRun.objects.create(as_of=datetime.date(2026, 1, 1), state="finished", started_by_name="System")
    error = InvoiceRunError.objects.create(run=run, client=acme, reason="A reason")
    values = {
        "number": acme.number, "name": "credit", "batch_id": batch.pk, "transaction_pk": payment.pk,
        "run_pk": run.pk, "error_pk": error.pk, "method_pk": card.pk, "format_pk": mapping.pk, "file_pk": file.pk,
        "batch_pk": booked.pk, "page": "credit", "listed": "clients", "doing": "group", "job_pk": 1,
        "session_pk": 1, "group_pk": Group.objects.get(name=VIEWER).pk,
        "field_pk": CustomField.objects.create(name="Industry", kind="text").pk,
        "contact_pk": Contact.objects.create(client=acme, email="ann@example.com").pk,
        "note_pk": acme.notes.create(text="Called", author_name="Ann").pk,
        "document_pk": acme.documents.create(name="a.pdf", content=b"a", size=1, uploaded_by_name="Ann").pk,
        "mapping_pk": names.pk,
        "role_pk": role("Mine").pk, "person_pk": make_staff().pk, "invitation_pk": invite_to(VIEWER)[0].pk,
        "request_pk": ask_for_approval(acme).pk,
        "activity_pk": acme.activities.order_by("pk")[0].pk,
        "message_pk": mail_with_all(acme).pk,
        "kept_pk": MailboxMail.objects.get().pk,
        "import_pk": booked_import().pk, "kind": "client",
        "hold_pk": ReminderHold.objects.create(
            client=acme, invoice=invoice, currency="USD", kind="disputed", said_on=datetime.date(2026, 1, 1)
        ).pk,
    }  # fmt: skip
    merge = merge_clients(kept=acme, discarded=make_client("Globex"), by=None)
    # What the address speaks of → a row of it; any other is an invoice.
    rows = {
        "credits/entries/<": grant.entries.first(),
        "/receipt/": payment.credit_grants.get(),
        "credits/<": grant,
        "billable-items/<": item,
        "invoices/credit-notes/<": note,
        "settings/": rate,
        "merges/<": merge,
    }

    def filled(route: str) -> str:
        row = next((row for part, row in rows.items() if part in route), invoice)
        route = route.replace(
            "<int:number>/lists/<slug:listed>/act/<slug:doing>/", "<int:number>/lists/invoices/act/cancel/"
        )
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str({**values, "pk": row.pk}[found[1]]), route)

    return {name: filled(route) for name, route, _ in all_patterns()}


def test_every_url_has_a_name_of_its_own():
    names = [name for name, _, _ in all_patterns()]
    assert len(names) == len(set(names)) > 10
    assert not [name for name in names if name.endswith("None")]
    assert {name for name in names if name not in GUARDED} == {
        "account_login", "mfa_authenticate", "mfa_login_webauthn", "sign_out", "mail:events",
        "staff:forgotten", "staff:join", "staff:new_password",
    }  # fmt: skip


def test_signed_out_every_page_leads_to_signing_in_and_back(client, addresses, subtests):
    with nothing_changes():
        for name in GUARDED:
            with subtests.test(name):
                address = addresses[name]
                answer = client.get(f"{address}?x=1")
                assert (answer.status_code, answer.headers["Location"]) == (302, f"/sign-in/?next={address}%3Fx%3D1")
                assert client.post(address, {"amount": "5.00"}).status_code == 302


def test_every_page_needs_a_permission(client, addresses, subtests):
    nobody = make_staff()
    nobody.groups.clear()
    client.force_login(nobody)
    with nothing_changes():
        for name in GUARDED:
            with subtests.test(name):
                refused = {200, 302, 404, 405, 410} if name in OWN else {403}
                assert client.get(addresses[name]).status_code in refused
                allowed = {200, 302, 404, 410, 422} if name in OWN else set()
                assert client.post(addresses[name], {}).status_code in {403, 405} | allowed


def test_a_viewer_changes_nothing_anywhere(client, addresses, subtests):
    client.force_login(make_staff(VIEWER))
    with nothing_changes():
        for name in set(GUARDED) - SAVING - OF_ONESELF - OWN:
            with subtests.test(name):
                status = client.post(addresses[name], {"company_name": "Mine", "amount": "5.00"}).status_code
                assert status in {403, 405}


def test_a_viewer_may_save_what_is_looked_at_and_that_is_written_down(client, addresses):
    client.force_login(make_staff(VIEWER))
    before = Activity.objects.count()
    for name in SAVING:
        answer = client.post(addresses[name])
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert b"".join(answer.streaming_content)
    assert Activity.objects.count() == before + len(SAVING)


def test_an_owner_is_let_in_everywhere(client, addresses, subtests):
    client.force_login(make_staff())
    for name in GUARDED:
        with subtests.test(name):
            answer = client.get(addresses[name])
            assert answer.status_code in {200, 302, 405, 422} | ({404, 410} if name in OWN else set())
            if answer.streaming:  # a file: read to its end, which closes it
                assert b"".join(answer.streaming_content)


def test_the_groups_hold_exactly_the_permissions_that_are_written_down():
    for name, permissions in GROUPS.items():
        held = Group.objects.get(name=name).permissions.select_related("content_type")
        assert {f"{each.content_type.app_label}.{each.codename}" for each in held} == set(permissions)


# ── Signing in ──


def sign_in(client, password="correct horse battery", **more):
    make_staff(username="ann")
    page = get_page(client, "/sign-in/", data=more)
    return fill(client, page, "form", {"username": "ann", "password": password})


def test_signing_in_leads_home(client):
    answer = sign_in(client)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert get_page(client, "/").one(".bar-person summary").text == "ann"


def test_signing_in_leads_to_the_page_that_was_asked_for(client):
    acme = make_client()
    make_staff(username="ann")
    answer = client.get(f"/clients/{acme.number}/?x=1", follow=True)
    answer = fill(client, parse(answer), "form", {"username": "ann", "password": "correct horse battery"})
    assert answer.headers["Location"] == f"/clients/{acme.number}/?x=1"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(client, elsewhere):
    assert sign_in(client, next=elsewhere).headers["Location"] == "/"


def test_a_wrong_password_says_so_without_saying_which_was_wrong(client):
    page = parse(sign_in(client, password="wrong"))
    assert page.texts("[role=alert] p") == [WRONG]
    assert page.one("[name=username]")["value"] == "ann"
    assert "value" not in page.one("[name=password]").attributes
    unknown = parse(client.post("/sign-in/", {"username": "nobody", "password": "wrong"}))
    assert unknown.texts("[role=alert] p") == page.texts("[role=alert] p")


def test_somebody_who_left_can_no_longer_sign_in(client):
    staff = make_staff(username="bo")
    staff.is_active = False
    staff.save()
    answer = client.post("/sign-in/", {"username": "bo", "password": "correct horse battery"})
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_an_e_mail_signs_in_the_one_active_account_that_has_it(client):
    for username, is_active in (("ann", True), ("gone", False)):
        person = make_staff(username=username)
        person.email, person.is_active = "ann@hosting.example", is_active
        person.save()
    sent = {"username": "Ann@hosting.example", "password": "correct horse battery"}
    assert client.post("/sign-in/", sent).status_code == 302
    client.post("/sign-out/")
    User.objects.update(is_active=True)
    assert client.post("/sign-in/", sent).status_code == 200


def test_the_sign_in_page_shows_nothing_of_the_product(client):
    make_client("Acme")
    page = get_page(client, "/sign-in/")
    assert page.links() == {"Forgotten your password?": "/forgotten-password/"}
    assert page.one("body")["data-page"] == "sign-in"  # app.js knows an ended session by it


def test_whoever_is_signed_in_already_goes_home(client):
    client.force_login(make_staff())
    assert client.get("/sign-in/").headers["Location"] == "/"


# ── Signing out ──


def test_signing_out_is_a_form_in_the_menu_and_ends_the_session(client):
    client.force_login(make_staff())
    page = get_page(client, "/")
    answer = fill(client, page.all("form[action='/sign-out/']")[0], "form")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/")
    assert client.get("/").status_code == 302


def test_a_link_cannot_sign_anybody_out(client):
    client.force_login(make_staff())
    assert client.get("/sign-out/").status_code == 405
    assert client.get("/").status_code == 200
