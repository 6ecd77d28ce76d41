"""Spreadsheets of long lists: a worker makes them, who asked saves them, and they go with any client."""

import datetime

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from billing_admin.errors import BusinessError
from billing_admin.listing import files, sheets
from billing_admin.models import Job, SavedFile
from clients.lists import ClientList
from clients.models import Activity
from clients.services.delete.delete_client import delete_client
from tests.dumped import lines_with
from tests.factories import give_credit, make_client, make_staff, person_with, usd
from tests.jobs import do_jobs
from tests.pages import get_page
from tests.spreadsheets import read_sheet
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(client, monkeypatch):
    monkeypatch.setattr(files, "MOST_AT_ONCE", 2)
    ann = make_staff(username="ann")
    client.force_login(ann)
    return ann


@pytest.fixture
def three():
    return [make_client(name, number=number) for number, name in enumerate(("Acme", "Globex", "Initech"), 1)]


def ask(browser, query=""):
    return browser.post(f"/clients/?{query}", {"file": "xlsx"})


def test_a_worker_makes_the_file_of_a_long_list(client, ann, three):
    answer = ask(client, "status=active&sort=name")
    job = Job.objects.get()
    assert answer.headers["Location"] == f"/clients/?status=active&sort=name&job={job.pk}"
    assert get_page(client, answer.headers["Location"]).one("#job p").text.startswith("Waiting for its turn")
    do_jobs()
    page = get_page(client, answer.headers["Location"])
    assert page.one(".alert-good").text == "3 clients are ready to be saved. Save the file within a day."
    saved = client.get(page.one(".alert-good a")["href"])
    assert saved["Content-Disposition"] == 'attachment; filename="clients.xlsx"'
    assert [row[1] for row in read_sheet(saved)] == ["Name", "Acme", "Globex", "Initech"]
    fetched, asked = Activity.objects.order_by("-pk")[:2]
    assert (asked.summary, asked.actor) == ("Clients that match filters exported", ann)
    assert asked.data == {"file": "clients.xlsx", "rows": 3, "filters": "Status is Active"}
    assert (fetched.summary, fetched.actor) == ("File that was made of Clients exported", ann)


def test_the_file_has_what_its_person_may_see(client, ann, three):
    give_credit(three[0], usd(5))
    client.force_login(person_with("view_client", "save_lists"))
    ask(client)
    do_jobs()
    headings = read_sheet(client.get(f"/files/{Job.objects.get().pk}/"))[0]
    assert ("Name" in headings, "Credit" in headings) == (True, False)


def test_who_may_see_less_by_now_does_not_get_the_file(client, ann, three):
    beth = person_with("view_client", "view_credit", "save_lists")
    client.force_login(beth)
    ask(client)
    do_jobs()
    address = f"/files/{Job.objects.get().pk}/"
    assert client.get(address).status_code == 200
    for lost in Permission.objects.filter(codename__in=["view_credit", "save_lists"]):
        beth.user_permissions.remove(lost)
        assert client.get(address).status_code == 403
        beth.user_permissions.add(lost)
    assert client.get(address).status_code == 200


def test_who_may_not_save_lists_is_offered_none_and_gets_none(client, ann, three):
    client.force_login(person_with("view_client", "add_clientnote"))
    page = get_page(client, "/clients/")
    assert not page.all("form[data-download]")
    assert page.texts("#choice button") == ["Write Notes"]
    with nothing_changes():
        assert client.post("/clients/", {"file": "xlsx"}).status_code == 403
        assert client.post("/clients/").status_code == 403
        assert client.get("/lists/clients/act/export/?all=1").status_code == 403


def test_a_file_is_not_made_for_who_may_see_less_by_then(client, ann, three):
    beth = person_with("view_client", "save_lists")
    client.force_login(beth)
    ask(client)
    beth.user_permissions.clear()
    do_jobs()
    assert Job.objects.get().outcome == "Who asked for this file may no longer see what is in it."
    assert SavedFile.objects.get().content is None


def test_nobody_else_gets_the_file(client, ann, three):
    ask(client)
    address = f"/files/{Job.objects.get().pk}/"
    assert client.get(address).status_code == 404  # it is not made yet
    do_jobs()
    client.force_login(make_staff())
    assert client.get(address).status_code == 404


def test_one_file_is_made_at_a_time_for_a_person(client, ann, three):
    ask(client)
    ask(client)
    assert Job.objects.count() == 1
    answer = ask(client, "sort=name")
    assert (answer.status_code, answer.content.decode()) == (
        422,
        "Another file is being made for you. Wait until it is done, and ask for this one then.",
    )


def test_more_rows_than_a_spreadsheet_is_good_for_are_refused(client, ann, three, monkeypatch):
    monkeypatch.setattr(files, "MOST_IN_A_SHEET", 2)
    answer = ask(client)
    assert (answer.status_code, answer.content.decode()) == (
        422,
        "More than 2 clients are too many for Excel. Filter them, or save CSV.",
    )
    assert (Job.objects.count(), Activity.objects.filter(verb="clients.exported").count()) == (0, 0)


def test_the_deletion_of_a_client_takes_every_file(client, ann, three, monkeypatch):
    monkeypatch.setattr(files, "MOST_AT_ONCE", 0)
    ask(client, "q=acme")
    do_jobs()
    assert SavedFile.objects.get().content is not None
    delete_client(client=three[0], by=None)
    assert (Job.objects.filter(kind=sheets.MAKE_SHEET).count(), SavedFile.objects.count()) == (0, 0)
    assert list(lines_with("acme")) == []


def test_a_file_that_was_being_made_when_a_client_went_is_not_kept(ann, three):
    job = sheets.ask_for_sheet(ClientList(ann, QueryDict("")), by=ann)
    delete_client(client=three[1], by=None)
    with pytest.raises(BusinessError, match="A client was deleted while the file was made"):
        sheets.keep_sheet(job, b"with the name of Globex")
    assert SavedFile.objects.count() == 0


def test_a_file_is_kept_for_a_day(client, ann, three):
    ask(client)
    do_jobs()
    assert sheets.forget_old_sheets() == 0
    Job.objects.update(finished_at=timezone.now() - datetime.timedelta(days=1, minutes=1))
    sheets.forget_old_sheets()
    assert SavedFile.objects.count() == 0
    connection.check_constraints()
