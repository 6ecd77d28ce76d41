"""Fields of the profile that an installation defines: typed, on Profile and Summary, in merge, deletion and export."""

import io
import json
import zipfile
from decimal import Decimal

import pytest

from billing_admin.staff.groups import BILLING
from clients.models import Activity, Client, CustomField
from clients.services.custom_fields import add_custom_field, change_custom_field
from clients.services.delete.delete_client import delete_client
from clients.services.export import export_client
from clients.services.merge.merge_clients import Choices, merge_clients
from clients.services.merge.undo import undo_merge
from clients.services.profile import edit_client
from tests.dumped import lines_with
from tests.factories import make_client, make_staff
from tests.pages import fill, get_page, parse, values_of
from tests.unchanged import nothing_changes, refused

pytestmark = pytest.mark.django_db

FIELDS = "/settings/fields/"
FORM = "form[novalidate]"


@pytest.fixture
def signed_in(client):
    client.force_login(make_staff(username="ann"))
    return client


def add(name: str = "Industry", kind: str = "text", *choices: str) -> CustomField:
    return add_custom_field(name=name, kind=kind, choices=choices, by=None)


def give(to: Client, **values: str) -> Client:
    """`give(acme, custom_1="Hotels")`."""
    return edit_client(client=to, by=None, **values)


def profile_of(acme: Client) -> str:
    return f"/clients/{acme.number}/profile/"


# ── Defining them ──


def test_a_field_is_defined_in_the_settings_and_written_down(signed_in):
    page = get_page(signed_in, f"{FIELDS}add/")
    typed = {"name": " Plan ", "kind": "choice", "choices": "Small\r\n\r\n Large \r\nSmall"}
    answer = fill(signed_in, page, FORM, typed, follow=True)
    assert parse(answer).texts(".toast p") == ["Every profile has the field “Plan” from now on."]
    plan = CustomField.objects.get()
    assert (plan.name, plan.kind, plan.choices, plan.is_on) == ("Plan", "choice", ["Small", "Large"], True)
    assert Activity.objects.latest("pk").summary == "Field of profiles added (Choice)"
    assert get_page(signed_in, FIELDS).texts("tbody td") == ["Plan", "Choice", "Small, Large", "Yes"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "", "kind": "text"}, "Give the field a name."),
        ({"name": "industry", "kind": "text"}, "There is a field “industry” already."),
        ({"name": "Plan", "kind": "choice"}, "Give at least one choice."),
        ({"name": "Plan", "kind": "text", "choices": "A"}, "Only a field of the kind Choice has choices."),
        ({"name": "Plan", "kind": "colour"}, "Select a valid choice. colour is not one of the available choices."),
    ],
)
def test_a_field_that_cannot_be_is_refused_beside_what_is_wrong(signed_in, typed, said):
    add()
    page = get_page(signed_in, f"{FIELDS}add/")
    with nothing_changes():
        answer = fill(signed_in, page, FORM, typed)
    assert (answer.status_code, parse(answer).texts(".field-error")) == (422, [said])


def test_a_field_is_renamed_and_switched_off_and_what_clients_have_stays(signed_in):
    industry, acme = add(), make_client()
    give(acme, **{industry.field_name: "Hotels"})
    page = get_page(signed_in, f"{FIELDS}{industry.pk}/")
    fill(signed_in, page, FORM, {"name": "Branch", "is_on": None})
    industry.refresh_from_db()
    acme.refresh_from_db()
    assert (industry.name, industry.is_on, acme.custom) == ("Branch", False, {str(industry.pk): "Hotels"})
    assert get_page(signed_in, profile_of(acme)).all("#custom") == []
    assert "Hotels" not in get_page(signed_in, f"/clients/{acme.number}/").one("#information").text
    assert fill(signed_in, get_page(signed_in, profile_of(acme)), "#profile", {"city": "Bern"}).status_code == 302
    acme.refresh_from_db()
    assert acme.custom == {str(industry.pk): "Hotels"}


def test_choices_that_both_changed_are_shown_beside_what_was_typed(signed_in):
    plan = add("Plan", "choice", "Small")
    page = get_page(signed_in, f"{FIELDS}{plan.pk}/")
    change_custom_field(field=plan, name="Plan", choices=["Small", "Large"], is_on=True, by=None)
    with nothing_changes():
        answer = fill(signed_in, page, FORM, {"choices": "Small\nHuge"})
    assert parse(answer).texts(".field-error") == ["Changed by somebody else meanwhile; stored now: “Small Large”."]


def test_only_an_owner_defines_fields(client):
    client.force_login(make_staff(BILLING))
    field = add()
    assert get_page(client, FIELDS).all("tbody a") == []
    for path in ("add/", f"{field.pk}/"):
        assert client.post(f"{FIELDS}{path}", {"name": "Mine"}).status_code == 403


# ── Typing into them ──

KINDS = [
    ("text", "Hotels", "Hotels"), ("number", "1,234.50", "1234.5"), ("date", "2026-02-28", "2026-02-28"),
    ("choice", "Large", "Large"), ("yes_no", "no", "No"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "typed", "read"), KINDS)
def test_each_kind_is_typed_on_the_profile_and_read_on_the_summary(signed_in, kind, typed, read):
    field = add("Further", kind, *(["Small", "Large"] if kind == "choice" else []))
    acme = make_client()
    answer = fill(signed_in, get_page(signed_in, profile_of(acme)), "#profile", {field.field_name: typed})
    assert answer.status_code == 302
    done = Activity.objects.latest("pk")
    assert (done.verb, done.words) == ("client.fields_changed", "Fields of the profile changed: Further")
    facts = get_page(signed_in, f"/clients/{acme.number}/").one("#information").text
    assert f"Further {read}" in facts
    page = get_page(signed_in, profile_of(acme))
    with nothing_changes():
        fill(signed_in, page, "#profile")
    assert fill(signed_in, page, "#profile", {field.field_name: ""}).status_code == 302
    assert Client.objects.get().custom == {}


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("text", "x" * 201), ("number", "many"), ("number", "1.1234567"), ("date", "31.2.2026"), ("choice", "Huge"),
     ("yes_no", "perhaps")],
)  # fmt: skip
def test_what_a_field_cannot_be_is_refused_beside_it(signed_in, kind, typed):
    field = add("Further", kind, *(["Small"] if kind == "choice" else []))
    page = get_page(signed_in, profile_of(make_client()))
    with nothing_changes():
        answer = fill(signed_in, page, "#profile", {field.field_name: typed})
    assert (answer.status_code, len(parse(answer).all("#custom .field-error"))) == (422, 1)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("number", "1e5"), ("number", Decimal(-1)), ("date", "28.2.2026"), ("choice", "Huge"), ("yes_no", "true")],
)
def test_a_service_refuses_what_the_form_would(kind, value):
    field = add("Further", kind, *(["Small"] if kind == "choice" else []))
    acme = make_client()
    with refused(f"“{value}” is nothing that “Further” can be.", field=field.field_name):
        give(acme, **{field.field_name: value})


def test_a_choice_that_is_no_more_stays_with_who_has_it(signed_in):
    plan, acme = add("Plan", "choice", "Small", "Large"), make_client()
    give(acme, **{plan.field_name: "Small"})
    change_custom_field(field=plan, name="Plan", choices=["Large"], is_on=True, by=None)
    page = get_page(signed_in, profile_of(acme))
    assert values_of(page.one("#profile"))[plan.field_name] == "Small"
    assert fill(signed_in, page, "#profile", {"city": "Bern"}).status_code == 302
    acme.refresh_from_db()
    assert acme.custom == {str(plan.pk): "Small"}


def test_two_people_keep_what_the_other_did_not_touch(signed_in):
    industry, plan, acme = add(), add("Plan"), make_client()
    page = get_page(signed_in, profile_of(acme))
    give(acme, **{industry.field_name: "Hotels"})
    assert fill(signed_in, page, "#profile", {plan.field_name: "Large"}).status_code == 302
    acme.refresh_from_db()
    assert acme.custom == {str(industry.pk): "Hotels", str(plan.pk): "Large"}
    page = get_page(signed_in, profile_of(acme))
    give(acme, **{industry.field_name: "Bars"})
    with nothing_changes():
        answer = fill(signed_in, page, "#profile", {industry.field_name: "Cafés"})
    assert parse(answer).texts("#custom .field-error") == ["Changed by somebody else meanwhile; stored now: “Bars”."]


# ── With the client ──


def test_a_merge_asks_for_each_field_and_undoing_gives_back_what_was():
    industry, plan = add(), add("Plan", "yes_no")
    acme, globex = make_client(), make_client("Globex")
    give(acme, **{industry.field_name: "Hotels"})
    give(globex, **{industry.field_name: "Bars", plan.field_name: "no"})
    before = dict(Client.objects.values_list("pk", "custom"))
    done = merge_clients(kept=acme, discarded=globex, by=None, choices=Choices(fields=frozenset([plan.field_name])))
    acme.refresh_from_db()
    assert acme.custom == {str(industry.pk): "Hotels", str(plan.pk): "no"}
    assert "Industry: Bars" in acme.notes.get().text
    undo_merge(merge=done, by=None)
    assert dict(Client.objects.values_list("pk", "custom")) == before


def test_what_was_typed_about_another_goes_where_it_names_a_deleted_client():
    partner, employees = add("Partner"), add("Employees", "number")
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    give(globex, **{partner.field_name: "Acme Ltd", employees.field_name: "12"})
    give(acme, **{partner.field_name: "Gundula of Acme Ltd"})
    delete_client(client=acme, by=None)
    assert lines_with("Acme Ltd", "Gundula") == []
    globex.refresh_from_db()
    assert globex.custom == {str(employees.pk): "12"}


@pytest.mark.parametrize("name", ['Sam "Big" & Sons', "Sam\\Sons Ltd"])
def test_a_name_with_a_quote_or_backslash_goes_from_fields_too(name):
    partner = add("Partner")
    sam, globex = make_client(name), make_client("Globex")
    give(globex, **{partner.field_name: f"Comes by {name}"})
    delete_client(client=sam, by=None)
    assert lines_with("Comes by") == []


def test_what_a_merge_remembers_goes_where_it_names_a_deleted_client():
    partner, plan = add("Partner"), add("Plan")
    acme, globex, hooli = make_client("Acme Ltd"), make_client("Globex"), make_client("Hooli")
    give(globex, **{partner.field_name: "Once Acme Ltd", plan.field_name: "Small"})
    give(hooli, **{partner.field_name: "Acme Ltd", plan.field_name: "Large"})
    chosen = Choices(fields=frozenset([partner.field_name, plan.field_name]))
    done = merge_clients(kept=globex, discarded=hooli, by=None, choices=chosen)
    delete_client(client=acme, by=None)
    assert lines_with("Acme Ltd") == []
    undo_merge(merge=done, by=None)
    assert [client.custom for client in Client.objects.order_by("number")] == [
        {str(plan.pk): "Small"}, {str(plan.pk): "Large"},
    ]  # fmt: skip


def test_fields_and_choices_called_after_a_deleted_client_are_renamed():
    partner, of_acme = add("Partner", "choice", "Acme Ltd", "Initech"), add("Since when with Acme Ltd", "date")
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    change_custom_field(field=of_acme, name="When with Acme Ltd", choices=[], is_on=True, by=None)
    give(globex, **{partner.field_name: "Acme Ltd", of_acme.field_name: "2026-01-31"})
    delete_client(client=acme, by=None)
    assert lines_with("Acme Ltd") == []
    partner.refresh_from_db()
    of_acme.refresh_from_db()
    globex.refresh_from_db()
    assert (partner.name, partner.choices, of_acme.name) == ("Partner", ["Initech"], f"Renamed field {of_acme.pk}")
    assert globex.custom == {str(of_acme.pk): "2026-01-31"}


def test_of_fields_only_what_names_a_deleted_client_goes():
    partner, motto = add("Partner"), add("Motto")
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    give(globex, **{partner.field_name: "Acme Ltd", motto.field_name: "Always on time"})
    delete_client(client=acme, by=None)
    globex.refresh_from_db()
    assert globex.custom == {str(motto.pk): "Always on time"}


def test_the_export_has_them_by_name():
    acme = make_client()
    give(acme, **{add().field_name: "Hotels"})
    with export_client(client=acme, by=None) as archive:
        zipped = zipfile.ZipFile(io.BytesIO(archive.read()))
    assert json.loads(zipped.read("profile.json"))["custom_by_name"] == {"Industry": "Hotels"}
