"""Statements of many clients in a ZIP: what was chosen, made by a worker, for who may see them, and not for long."""

import io
import zipfile

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from billing_admin.listing import sheets
from billing_admin.models import Job, SavedFile
from clients.models import Activity, ClientGroup, MailMessage
from clients.selectors.statements import last_month
from clients.services import statement_files
from clients.services.delete.delete_client import delete_client
from tests.factories import make_client, make_invoice, make_staff, person_with, usd
from tests.jobs import do_jobs
from tests.pages import fill, get_page, parse

pytestmark = pytest.mark.django_db

FIRST, LAST = last_month()
POPUP = "/lists/clients/act/statements/"
SEES = ("view_client", "view_invoice", "view_transaction", "view_credit", "save_lists")
FORM = ".popup form, main form[method=post]"


@pytest.fixture
def ann(client):
    ann = make_staff(username="ann")
    client.force_login(ann)
    return ann


@pytest.fixture
def three():
    """Two of a group, of whom the first owes something; and another."""
    group = ClientGroup.objects.create(name="Resellers")
    owing, paid = make_client("../../etc", group=group), make_client("Paid", group=group)
    make_invoice(owing, usd(10), on=FIRST)
    return owing, paid, make_client("Other")


def ask(browser, query: str = "?all=1", **typed: object):
    """Choose in the list, and press Download as ZIP in the popup."""
    popup = get_page(browser, f"{POPUP}{query}")
    assert "Download as ZIP" in popup.texts("button[name=file]")
    chosen = popup.one("[name=chosen]")["value"]
    sent = {"first": str(FIRST), "last": str(LAST), "chosen": chosen, "file": "zip", **typed}
    return browser.post(f"{POPUP}{query}", sent)


def saved(browser, address: str) -> zipfile.ZipFile:
    page = get_page(browser, address)
    answer = browser.get(page.one(".alert-good a")["href"])
    assert answer["Content-Disposition"] == f'attachment; filename="statements-{FIRST}-{LAST}.zip"'
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def names(*clients) -> list[str]:
    return [f"statement-{each.number}-{FIRST}-{LAST}.pdf" for each in clients]


def test_each_client_has_a_file_named_by_number_while_mail_is_off(client, ann, three):
    answer = ask(client)
    assert get_page(client, answer["Location"]).one("#job")
    do_jobs()
    archive = saved(client, answer["Location"])
    assert archive.namelist() == names(*three)
    assert {archive.read(name)[:5] for name in archive.namelist()} == {b"%PDF-"}
    assert MailMessage.objects.count() == 0
    summary = f"Statements from {FIRST:%-d %b %Y} to {LAST:%-d %b %Y} of clients exported"
    assert Activity.objects.filter(summary=summary).count() == 1


@pytest.mark.parametrize(("query", "which"), [("?all=1&group={group}", [0, 1]), ("?row={first}&row={last}", [0, 2])])
def test_the_choice_of_the_list_is_that_of_the_file(client, ann, three, query, which):
    owing, _paid, other = three
    answer = ask(client, query.format(group=owing.group_id, first=owing.pk, last=other.pk))
    do_jobs()
    assert saved(client, answer["Location"]).namelist() == names(*(three[place] for place in which))


def test_only_who_owes_something_is_in_it(client, ann, three):
    answer = ask(client, only_owing="on")
    do_jobs()
    assert saved(client, answer["Location"]).namelist() == names(three[0])
    assert "1 statement is ready to be saved." in get_page(client, answer["Location"]).text


def test_nobody_who_owes_is_said(client, ann):
    make_client()
    answer = ask(client, only_owing="on")
    do_jobs()
    assert get_page(client, answer["Location"]).one("#job").text == "There is no statement."


@pytest.mark.parametrize(
    ("first", "last", "why"), [(LAST, FIRST, "before it begins"), (FIRST, "2999-01-01", "to come")]
)
def test_a_period_that_is_none_is_refused(client, ann, three, first, last, why):
    answer = ask(client, first=str(first), last=str(last))
    assert why in answer.content.decode()
    assert Job.objects.count() == 0


def test_nothing_chosen_and_too_many_are_refused(client, ann, three, monkeypatch):
    monkeypatch.setattr(statement_files, "MOST", 2)
    assert "More than 2 clients are too many for one ZIP." in ask(client).content.decode()
    sent = {"first": str(FIRST), "last": str(LAST), "file": "zip", "chosen": ""}
    assert "Nothing was chosen." in client.post(POPUP, sent).content.decode()
    assert Job.objects.count() == 0


def test_one_that_cannot_be_drawn_is_named_and_the_others_are_there(client, ann, three, monkeypatch):
    monkeypatch.setattr("clients.documents.statement.MOST_LINES", 0)
    answer = ask(client)
    do_jobs()
    assert saved(client, answer["Location"]).namelist() == names(*three[1:])
    assert f"1 left out: Client {three[0].number}: This statement has 1 lines" in Job.objects.get().outcome


def test_another_page_action_is_no_file(client, ann, three):
    assert client.post("/lists/clients/act/reopen/?all=1", {"file": "zip", "chosen": ""}).status_code == 403


@pytest.mark.parametrize(("lost", "named"), [("view_credit", "See credit"), ("save_lists", "Save lists as files")])
def test_who_may_not_see_or_save_all_that_a_statement_says_has_none(client, three, lost, named):
    client.force_login(person_with("send_mailmessage", *(right for right in SEES if right != lost)))
    assert get_page(client, f"{POPUP}?all=1").texts("button[name=file]") == []
    sent = {"first": str(FIRST), "last": str(LAST), "file": "zip", "chosen": ""}
    answer = client.post(f"{POPUP}?all=1", sent)
    assert (answer.status_code, Job.objects.count()) == (403, 0)
    assert f"This needs the right “{named}”." in parse(answer).one("main").text


def test_it_is_for_who_asked_and_for_nobody_else(client, ann, three):
    answer = ask(client)
    do_jobs()
    file = get_page(client, answer["Location"]).one(".alert-good a")["href"]
    client.force_login(make_staff(username="bob"))
    assert client.get(file).status_code == 404
    assert get_page(client, answer["Location"]).all("#job") == []
    client.force_login(ann)
    assert client.get(file).status_code == 200
    Job.objects.update(finished_at=timezone.now() - sheets.KEPT * 2)
    sheets.forget_old_sheets()
    assert client.get(file).status_code == 404
    assert client.get(answer["Location"]).status_code == 200


def test_who_loses_a_right_meanwhile_gets_nothing(client, three):
    person = person_with("send_mailmessage", *SEES)
    client.force_login(person)
    ask(client)
    person.user_permissions.remove(Permission.objects.get(codename="view_credit"))
    do_jobs()
    assert (Job.objects.get().state, SavedFile.objects.get().content) == ("refused", None)


def test_it_goes_with_the_first_client_and_after_a_day(client, ann, three):
    ask(client)
    do_jobs()
    assert SavedFile.objects.get().content is not None
    delete_client(client=three[2], by=None)
    assert (Job.objects.filter(kind=sheets.MAKE_STATEMENTS).count(), SavedFile.objects.count()) == (0, 0)
    ask(client)
    do_jobs()
    assert sheets.forget_old_sheets() == 0
    Job.objects.update(finished_at=timezone.now() - sheets.KEPT * 2)
    assert sheets.forget_old_sheets() == 2


def test_a_popup_that_still_sends_says_nothing_of_it(client, ann, three):
    popup = get_page(client, f"{POPUP}?all=1")
    assert "Statements are switched off in Settings → Mail, so none is sent" in popup.one("#effects").text
    fill(client, popup, "main form[method=post]")
    assert Job.objects.count() == 0
