"""The page of imports: who may, what it keeps of what was typed, and what it tells of what went wrong."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from billing_admin.importing import background
from billing_admin.importing.address import read_address
from billing_admin.importing.discard import discard
from billing_admin.importing.opening import open_import
from billing_admin.models import Job, StagedClient, SystemImport
from billing_admin.staff.groups import BILLING, MANAGER, OWNER, SUPPORT, VIEWER
from clients.models import Activity
from clients.services.system_import.commit import commit
from clients.services.system_import.decisions import decide
from clients.services.system_import.preview import preview
from tests.factories import make_staff
from tests.pages import fill, get_page, parse
from tests.staged import booked_import, make_import, stage, waiting_import

pytestmark = pytest.mark.django_db

PAGE = "/settings/imports/"
SECRET = "s3cret/of #them@all"
TYPED = {"system": "whmcs", "source": "WHMCS", "host": "db.example.com", "port": "3306", "database": "whmcs",
         "user": "reader", "password": SECRET, "ssl_ca": ""}  # fmt: skip
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def owner(client):
    """A browser in which an Owner is signed in."""
    client.force_login(make_staff(OWNER))
    return client


@pytest.fixture
def begun(monkeypatch, django_capture_on_commit_callbacks):
    """What processes were begun with: their arguments, and what went through their pipe."""
    seen: list[Any] = []

    class Pipe:
        def __enter__(self):
            return self

        def __exit__(self, *exception):
            pass

        def write(self, text):
            seen[-1]["piped"] = text

    class Begun:
        def __init__(self, arguments, **options):
            seen.append({"arguments": arguments, **options})
            self.stdin = Pipe()

        def wait(self):
            return 0

    monkeypatch.setattr("billing_admin.importing.background.subprocess.Popen", Begun)
    return seen


def connect(browser, callbacks, **typed):
    with callbacks(execute=True):
        return browser.post(PAGE, TYPED | typed)


def test_the_password_goes_through_the_pipe_and_nowhere_else(owner, begun, django_capture_on_commit_callbacks, caplog):
    answer = connect(owner, django_capture_on_commit_callbacks)
    run = SystemImport.objects.get()
    assert answer.headers["Location"] == f"{PAGE}{run.pk}/"
    (process,) = begun
    assert read_address(process["piped"].decode()).password == SECRET
    assert process["piped"].count(b"\n") == 1
    assert "s3cret" not in f"{process['arguments']}{process.get('env')}"
    kept = [str(row) for model in (SystemImport, Activity, Job) for row in model.objects.values()]
    kept += [caplog.text, str(dict(owner.session.items())), owner.get(f"{PAGE}{run.pk}/").content.decode()]
    for text in kept:
        assert "s3cret" not in text


def test_a_form_that_is_refused_does_not_send_the_password_back(owner, begun):
    answer = owner.post(PAGE, TYPED | {"port": "0"})
    assert answer.status_code == 422
    assert "s3cret" not in answer.content.decode()
    assert begun == []


@pytest.mark.parametrize("field", ["source", "host", "database", "user", "password", "ssl_ca"])
@pytest.mark.parametrize("end", ["\n", "\r", "\r\nmysql://other@example.com/x\n"])
def test_no_field_puts_a_second_line_into_the_pipe(owner, begun, field, end, django_capture_on_commit_callbacks):
    answer = connect(owner, django_capture_on_commit_callbacks, **{field: f"a{end}b"})
    assert answer.status_code == 422
    assert begun == []
    assert not SystemImport.objects.exists()


@pytest.mark.parametrize("host", ["a@b", "a/b", "a?socket=/tmp/x", "a#b", "a b", "http://a", "[::1]"])
def test_a_server_is_a_name_and_nothing_more(owner, begun, host, django_capture_on_commit_callbacks):
    assert connect(owner, django_capture_on_commit_callbacks, host=host).status_code == 422
    assert begun == []


def test_what_is_typed_arrives_as_it_was_typed(owner, begun, django_capture_on_commit_callbacks):
    typed = {"host": "::1", "user": "a:b@c/d", "database": "x y?z", "password": "p%40:/?#&=", "ssl_ca": "/etc/x&y.pem"}
    connect(owner, django_capture_on_commit_callbacks, **typed | {"ssl_ca": ""})
    address = read_address(begun[0]["piped"].decode())
    assert (address.host, address.user, address.database, address.password) == (
        "::1", "a:b@c/d", "x y?z", "p%40:/?#&="
    )  # fmt: skip
    assert (address.socket, address.ssl_ca) == ("", "")


@pytest.mark.parametrize("role", [VIEWER, SUPPORT, BILLING, MANAGER])
def test_nobody_but_an_owner_sees_or_does_any_of_it(client, role):
    waiting, booked = waiting_import(), booked_import()
    client.force_login(make_staff(role))
    for name in ("system_import", "commit_import", "discard_import"):
        assert client.get(reverse(name, args=[waiting.pk])).status_code == 403
    for name in ("switch_import", "system_import_receipt", "system_import_json"):
        assert client.get(reverse(name, args=[booked.pk])).status_code == 403
    assert client.get(reverse("system_import_rows", args=[waiting.pk, "client"])).status_code == 403
    assert client.get(PAGE).status_code == 403
    for name in ("decide_import", "commit_import", "discard_import", "switch_import"):
        assert client.post(reverse(name, args=[waiting.pk])).status_code == 403
    assert client.post(PAGE, TYPED).status_code == 403
    assert SystemImport.objects.get(pk=waiting.pk).state == "read"


def test_forms_without_their_token_do_nothing():
    browser, waiting = Browser(enforce_csrf_checks=True), waiting_import()
    browser.force_login(make_staff(OWNER))
    for url in (PAGE, *(reverse(name, args=[waiting.pk]) for name in
                        ("decide_import", "commit_import", "discard_import", "switch_import"))):  # fmt: skip
        assert browser.post(url, TYPED).status_code == 403
    assert SystemImport.objects.get().state == "read"


def test_ids_that_are_guessed_lead_nowhere(owner):
    waiting = waiting_import()
    for name in ("system_import", "commit_import", "discard_import", "switch_import", "system_import_receipt",
                 "system_import_json"):  # fmt: skip
        assert owner.get(reverse(name, args=[waiting.pk + 1])).status_code == 404
    for name in ("switch_import", "system_import_receipt", "system_import_json"):
        assert owner.get(reverse(name, args=[waiting.pk])).status_code == 404
    rows = reverse("system_import_rows", args=[waiting.pk, "client"])
    for asked in ("?outcome=no", "?like=%00", f"?like={'x' * 201}"):
        assert owner.get(rows + asked).status_code == 404
    assert owner.get(rows.replace("client/", "nothing/")).status_code == 404
    assert owner.get(f"{rows}?outcome=asks&like=900002&after=abc").status_code == 200


def test_markup_in_what_was_read_is_shown_as_text(owner):
    run = make_import(source=f"W{SCRIPT}", version=SCRIPT)
    stage(run, StagedClient, 1, first_name=SCRIPT, currency="97", status=SCRIPT, changes=f"first name: {SCRIPT}")
    run = preview(run)
    StagedClient.objects.update(why=f"It is “{SCRIPT}”.", outcome="asks")
    pages = [owner.get(reverse("system_import", args=[run.pk])), owner.get(PAGE)]
    rows = reverse("system_import_rows", args=[run.pk, "client"])
    pages += [owner.get(f"{rows}?outcome={outcome}") for outcome in ("asks", "mended")]
    for page in pages:
        assert page.status_code == 200
        assert SCRIPT not in page.content.decode()
    assert SCRIPT in parse(pages[2]).one("tbody").text


def test_nothing_that_was_typed_there_is_kept_once_it_is_booked():
    run = make_import()
    word = "Zebedee"
    typed = {"first_name": word, "last_name": word, "email": f"{word}@x.example", "notes": word, "city": word}
    stage(run, StagedClient, 1, status="Active", currency="1", changes=f"name: {word}", **typed)
    stage(run, StagedClient, 2, status="Active", currency="97", country=word, phone=word, balance=-3, **typed)
    run = commit(preview(run), by=None, progress=lambda doing, done, total: None)
    run.refresh_from_db()
    assert run.preview == {}
    assert word not in json.dumps([run.receipt, run.comparison, run.answers], default=str)


def test_what_is_discarded_keeps_no_preview():
    run = waiting_import()
    assert run.preview
    discard(run)
    run.refresh_from_db()
    assert (run.state, run.preview) == ("discarded", {})


def test_reading_the_same_again_begins_with_what_was_decided():
    run = decide(waiting_import(), {"method:liberty": "Cash"})
    again = open_import(system="whmcs", source=run.source, by=None)
    assert again.answers == {"method:liberty": "Cash"}
    assert SystemImport.objects.get(pk=run.pk).state == "discarded"
    assert open_import(system="whmcs", source="Another", by=None).answers == {}


def test_a_reading_whose_process_is_gone_says_so_and_can_be_discarded(owner):
    run = make_import(state="reading", created_at=timezone.now() - timedelta(minutes=1), done=5, total=10)
    page = get_page(owner, reverse("system_import", args=[run.pk]))
    assert page.one("#reading").text == background.INTERRUPTED
    fill(owner, get_page(owner, reverse("discard_import", args=[run.pk])), "main form[method=post]")
    run.refresh_from_db()
    assert run.state == "discarded"
    page = get_page(owner, reverse("system_import", args=[run.pk]))
    assert "It was discarded; nothing of it was booked." in page.one("main").text


def test_a_booking_that_was_interrupted_offers_to_go_on(owner):
    run = make_import(state="committing")
    page = get_page(owner, reverse("system_import", args=[run.pk]))
    assert "nothing comes twice" in page.one("#booking").text
    assert "Go On Booking" in page.one("main").text or "Go On Booking" in page.one("body").text


def test_a_job_that_no_worker_takes_says_so_on_the_page(owner):
    run = waiting_import()
    answer = owner.post(reverse("commit_import", args=[run.pk]), follow=True)
    Job.objects.update(asked_at=timezone.now() - timedelta(minutes=5))
    page = parse(owner.get(answer.redirect_chain[-1][0]))
    assert "Whoever looks after the server has to start it." in page.one("#job").text


def test_figures_have_the_places_of_their_currency_or_all_they_have(owner):
    run = booked_import()
    figures = [("balances", "JPY", "", "1000.5", "1000"), ("balances", "USD", "", "12.5", "12.5"),
               ("balances above zero", "USD", "", "1234", "1234")]  # fmt: skip
    run.comparison |= {"is_equal": False, "is_explained": False, "figures": [
        {"figure": figure, "currency": currency, "of": of, "there": there, "here": here,
         "difference": "-0.5" if there != here else "0", "unexplained": "-0.5" if there != here else "0"}
        for figure, currency, of, there, here in figures]}  # fmt: skip
    run.save()
    page = get_page(owner, reverse("system_import", args=[run.pk]))
    assert page.texts("#compared-balances tbody tr") == [
        "JPY – 1,000 1,000.5 there −0.5, unexplained",
        "USD 1,234 12.50",
    ]
    assert page.one("#compared-balances .badge").text == "Unexplained"
    assert page.one(".alert-danger").text.startswith("Some differences have no rows")
