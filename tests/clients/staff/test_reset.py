"""A forgotten password: the same answer for everybody, and a link that is taken once."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from billing_admin.staff.groups import OWNER, VIEWER
from clients.models import Activity, MailboxMail, MailMessage
from clients.services.staff.people import deactivate
from clients.services.staff.reset import NOT_VALID, person_of, reset_password, send_reset
from tests.factories import make_staff, person_with
from tests.jobs import do_jobs
from tests.mail import send_all, states, switch_on
from tests.pages import fill, get_page
from tests.staff import PASSWORD, link_in, with_mail
from tests.unchanged import refused

pytestmark = pytest.mark.django_db

FORGOTTEN = "/forgotten-password/"
NEW = "another horse battery"


@pytest.fixture
def ann():
    person = make_staff(VIEWER, username="ann")
    person.email = "ann@hosting.example"
    person.save()
    return person


def ask(name, **more):
    return Browser(**more).post(FORGOTTEN, {"name": name})


def token_of(path):
    return parse_qs(urlsplit(path).query)["token"][0]


@pytest.mark.parametrize("typed", ["ann", "ann@hosting.example", " ANN@hosting.EXAMPLE "])
def test_who_forgot_a_password_chooses_another(client, ann, typed):
    signed_in = Browser()
    signed_in.force_login(ann)
    with with_mail() as server:
        page = get_page(client, FORGOTTEN)
        assert fill(client, page, "form", {"name": typed}).status_code == 200
        assert MailMessage.objects.count() == 0  # who it is for is looked at by a job
        do_jobs()
        send_all()
        path = link_in(server)
    get_page(client, path)  # as a mail program does
    answer = fill(client, get_page(client, path), "form", {"password": NEW})
    assert answer.headers["Location"] == "/sign-in/"
    assert User.objects.get().check_password(NEW)
    assert signed_in.get("/clients/").status_code == 302
    row = Activity.objects.get(verb="account.password_reset")
    assert row.actor == ann
    assert get_page(client, path, status=410).one(".alone-panel > p:not(.actions)").text == NOT_VALID
    assert client.post(path, {"password": PASSWORD}).status_code == 410
    assert User.objects.get().check_password(NEW)


def test_nothing_of_the_link_is_kept(ann, caplog):
    with with_mail() as server:
        ask("ann")
        do_jobs()
        send_all()
        token = token_of(link_in(server))
    message = MailMessage.objects.get()
    assert (message.state, message.is_secret, message.body, message.data) == ("sent", True, "", {})
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT count(*) FROM {table} whole WHERE whole::text LIKE %s", [f"%{token}%"])
            assert cursor.fetchone() == (0,), table
    Browser().get(f"/new-password/?token={token}x")
    assert token not in caplog.text


def test_the_answer_is_the_same_for_nobody_and_no_name_is_kept(ann):
    with with_mail():
        answers, statements = [], []
        for name in ("ann", "my secret password"):
            with CaptureQueriesContext(connection) as queries:
                answers.append(ask(name).content)
            statements.append([each["sql"].split()[0] for each in queries])
        assert answers[0] == answers[1]
        assert statements[0] == statements[1]
    assert "secret" not in str(list(ProcrastinateJob.objects.values_list("args")))
    asked = [job.args["people"] for job in ProcrastinateJob.objects.order_by("id")]
    assert asked == [[ann.pk], []]


def test_asked_again_and_again_one_mail_goes_out(ann):
    with with_mail() as server:
        for _ in range(3):
            ask("ann")
            do_jobs()
            send_all()
        assert len(server.taken) == 1


def test_an_address_asks_only_so_often(ann):
    with with_mail():
        said = [ask("ann").status_code for _ in range(11)]
        assert said == [200] * 10 + [422]
        assert ask("ann", REMOTE_ADDR="203.0.113.9").status_code == 200
        assert "This was asked for too often. Try again in 60 minutes." in ask("ann").content.decode()


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}, {"password": "!"}])
def test_who_cannot_have_a_link_gets_none(ann, change):
    with with_mail():
        User.objects.update(**change)
        assert ask("ann").status_code == 200
        do_jobs()
    assert MailMessage.objects.count() == 0


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": "other@hosting.example"}])
def test_what_changed_before_the_mail_goes_out_withholds_it(ann, change):
    with with_mail() as server:
        ask("ann")
        do_jobs()
        User.objects.update(**change)
        send_all()
        assert states() == [("withheld", "The account was deactivated or has another address by now.")]
        assert server.taken == []


def test_a_link_is_void_once_it_is_old_or_the_account_changed(ann, settings):
    token = f"{ann.pk}-{default_token_generator.make_token(ann)}"
    assert person_of(token) == ann
    settings.PASSWORD_RESET_TIMEOUT = -1
    with refused(NOT_VALID):
        person_of(token)
    settings.PASSWORD_RESET_TIMEOUT = 60
    for change in ({"email": "b@hosting.example"}, {"password": "!"}, {"is_active": False}):
        before = User.objects.filter(pk=ann.pk).values(*change).get()
        User.objects.update(**change)
        with refused(NOT_VALID):
            person_of(token)
        User.objects.update(**before)
    assert person_of(token) == ann


@pytest.mark.parametrize("token", ["", "1", "-", "1-", "-1-x", "²-x", "9" * 30 + "-x", "\0-\0", "1-abc-def"])
def test_no_other_token_is_taken(ann, client, token):
    with refused(NOT_VALID):
        person_of(token)
    assert client.get("/new-password/", {"token": token}).status_code == 410


def test_a_link_of_one_is_none_of_another(ann):
    bob = make_staff(OWNER)
    with refused(NOT_VALID):
        person_of(f"{bob.pk}-{default_token_generator.make_token(ann)}")


def test_a_password_that_is_too_easy_is_refused_and_uses_nothing_up(ann):
    token = f"{ann.pk}-{default_token_generator.make_token(ann)}"
    with refused("This password is too common.", "password"):
        reset_password(token=token, password="password123")
    reset_password(token=token, password=NEW)


def test_a_deactivated_person_takes_no_link(ann):
    token = f"{ann.pk}-{default_token_generator.make_token(ann)}"
    deactivate(person=ann, by=None)
    with refused(NOT_VALID):
        reset_password(token=token, password=NEW)


def test_staff_send_one_to_whom_they_may_change(ann):
    maria = make_staff(OWNER)
    with with_mail() as server:
        send_reset(person=ann, by=maria)
        send_all()
        assert token_of(link_in(server)).startswith(f"{ann.pk}-")
        with refused(
            "ann has the right “Save lists as files” and 5 more, which you do not have: only somebody who has every "
            "such right can do this. Nothing was changed."
        ):
            send_reset(person=ann, by=person_with("manage_staff"))
        deactivate(person=ann, by=maria)
        with refused("ann is deactivated or has no e-mail address or no password; nothing was sent."):
            send_reset(person=ann, by=maria)
    assert Activity.objects.filter(verb="staff.reset_sent", actor=maria).count() == 1


def test_without_mail_the_page_says_whom_to_ask(client, ann):
    assert get_page(client, "/sign-in/").links()["Forgotten your password?"] == FORGOTTEN
    page = get_page(client, FORGOTTEN)
    assert "Ask whoever looks after the server" in page.one("main").text
    assert page.all("input:not([type=hidden])") == []
    ask("ann")
    assert not ProcrastinateJob.objects.exists()
    with refused("No mail server is set, so no link can be sent."):
        send_reset(person=ann, by=None)


def test_secret_mail_is_not_in_the_mailbox(ann, settings):
    """Where it waited when the mail server was taken away it is withheld; whatever would get there is not kept."""
    settings.MAIL_PROVIDER, settings.PUBLIC_URL = "smtp", "https://billing.example.com"
    switch_on()
    send_reset(person=ann, by=None)
    settings.MAIL_PROVIDER = ""
    send_all()
    assert states() == [("withheld", "No mail server is set, so no link can be sent.")]
    MailMessage.objects.update(state="waiting")
    settings.MAIL_PROVIDER = "smtp"  # says so, while mail goes to the mailbox
    send_all()
    assert states() == [("sent", "")]
    assert MailboxMail.objects.count() == 0


@pytest.mark.parametrize("host", ["evil.example", "billing.example.com.evil.example"])
def test_no_host_that_somebody_sends_is_in_a_link(ann, settings, host):
    settings.ALLOWED_HOSTS = ["*"]
    with with_mail() as server:
        ask("ann", HTTP_HOST=host, HTTP_X_FORWARDED_HOST=host)
        do_jobs()
        send_all()
        assert link_in(server).startswith("/new-password/")
        assert "evil" not in server.taken[0].as_string()
