"""What an e-invoice asks of its buyer, on the Profile, in files and lists, through merges and deletions."""

import csv
import io

import pytest
from django.urls import reverse

from clients.models import Activity, Client, ClientMerge
from clients.services.delete.delete_client import delete_client
from clients.services.importing.own_format import import_clients
from clients.services.merge.merge_clients import Choices, merge_clients
from clients.services.profile import edit_client
from tests.factories import make_client, make_staff
from tests.pages import fill, get_page, parse, values_of
from tests.unchanged import nothing_changes, refused, refused_by_database

pytestmark = pytest.mark.django_db

ASKED = {
    "registration": "404833048", "electronic_scheme": "EM", "electronic_address": "ap@acme.example",
    "buyer_reference": "04011000-1", "exemption": "E", "exemption_reason": "Article 132", "e_invoice": "peppol",
}  # fmt: skip


@pytest.fixture
def signed_in(client):
    client.force_login(make_staff())
    return client


def stored(client: Client) -> dict[str, str]:
    client.refresh_from_db()
    return {name: getattr(client, name) for name in ASKED}


def test_the_profile_keeps_it_and_forgets_the_reason_with_the_exemption(signed_in):
    acme = make_client()
    url = reverse("clients:profile", args=[acme.number])
    fill(signed_in, get_page(signed_in, url), "#profile", {**ASKED, "tax_exempt": "on"})
    assert stored(acme) == ASKED
    page = get_page(signed_in, url)
    assert {name: values_of(page.one("#profile"))[name] for name in ASKED} == ASKED
    fill(signed_in, page, "#profile", {"tax_exempt": None})
    assert stored(acme) == ASKED | {"exemption": "", "exemption_reason": ""}


def test_a_service_forgets_it_too_and_never_tells_the_reason():
    acme = make_client(tax_exempt=True, **ASKED)
    edit_client(client=acme, by=None, exemption_reason="As told by Globex")
    edit_client(client=acme, by=None, tax_exempt=False)
    assert (stored(acme)["exemption"], stored(acme)["exemption_reason"]) == ("", "")
    assert not [row for row in Activity.objects.values_list("data", flat=True) if "Globex" in str(row)]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"electronic_scheme": "EM"}, "electronic_address"),
        ({"electronic_address": "x"}, "electronic_scheme"),
        ({"electronic_scheme": "EM", "electronic_address": "x"}, "electronic_address"),
        ({"e_invoice": "fax"}, "e_invoice"),
    ],
)
def test_half_an_address_is_refused_beside_its_field(signed_in, typed, field):
    page = get_page(signed_in, reverse("clients:profile", args=[make_client().number]))
    with nothing_changes():
        answer = fill(signed_in, page, "#profile", typed)
    assert len(parse(answer).all(f"#id_{field}_error")) == 1


@pytest.mark.parametrize(
    ("fields", "by"),
    [
        ({"exemption": "AE"}, "client_exemption"),
        ({"exemption": "X", "tax_exempt": True}, "client_exemption"),
        ({"electronic_scheme": "EM"}, "client_electronic_address"),
        ({"e_invoice": "fax"}, "client_e_invoice"),
    ],
)
def test_the_database_keeps_it_whole(fields, by):
    acme = make_client()
    with refused_by_database(by):
        Client.objects.filter(pk=acme.pk).update(**fields)


HEADER = (
    "Client ID,Company Name,Currency,Tax Exempt,Registration,Electronic Scheme,Electronic Address,Buyer Reference,"
    "Exemption,Exemption Reason,E-invoice\n"
)


def test_a_file_brings_it():
    row = "7,Acme,EUR,Yes,404833048,E-mail,ap@acme.example,04011000-1,exempt,Article 132,Peppol BIS Billing 3\n"
    import_clients(path="clients.csv", content=(HEADER + row).encode(), by=None)
    assert stored(Client.objects.get(number=7)) == ASKED
    again = import_clients(path="clients.csv", content=(HEADER + row).encode(), by=None)
    assert (again.imported, again.already_there) == (0, 1)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("7,Acme,EUR,No,,,,,E,,", "Only a client who is tax exempt has a reason for it: say Yes in Tax Exempt."),
        ("7,Acme,EUR,No,,EM,,,,,", "An electronic address has two parts. Give the address itself, too."),
        (
            "7,Acme,EUR,No,,fax,,,,,",
            "Electronic Scheme “fax” is no scheme of electronic addresses, as EM, 0088 or GLN.",
        ),
    ],
)
def test_a_row_that_does_not_fit_together_is_left_out(row, why):
    good = "8,Globex,EUR,No,,,,,,,\n"
    done = import_clients(path="clients.csv", content=f"{HEADER}{row}\n{good}".encode(), by=None, skip_bad=True)
    assert [(bad.line, bad.reason) for bad in done.bad] == [(2, why)]


def test_the_list_shows_it_in_its_file(signed_in):
    make_client(tax_exempt=True, **ASKED)
    (row,) = csv.DictReader(io.StringIO(b"".join(signed_in.post(reverse("clients:list"))).decode("utf-8-sig")))
    assert (row["Buyer Reference"], row["Exemption"], row["E-invoice"]) == (
        "04011000-1", "Exempt", "Peppol BIS Billing 3",
    )  # fmt: skip


def test_merging_takes_what_is_chosen_and_notes_the_rest():
    acme, globex = make_client(), make_client("Globex", tax_exempt=True, **ASKED)
    chosen = frozenset({"electronic_scheme", "electronic_address", "tax_exempt", "exemption"})
    merge_clients(kept=acme, discarded=globex, by=None, choices=Choices(fields=chosen))
    assert stored(acme) == {**dict.fromkeys(ASKED, ""), **{name: ASKED[name] for name in chosen & ASKED.keys()}}
    note = acme.notes.get().text
    assert {"404833048", "04011000-1", "Article 132"} <= set(note.replace("\n", ": ").split(": "))


@pytest.mark.parametrize("chosen", ["exemption", "electronic_scheme"])
def test_a_merge_that_takes_half_is_refused(chosen):
    acme, globex = make_client(), make_client("Globex", tax_exempt=True, **ASKED)
    text = {
        "exemption": "Only a client who is tax exempt has a reason for it: choose whether and why there is no tax of "
        "the same client.",
        "electronic_scheme": "An electronic address has two parts. Give the address itself, too.",
    }[chosen]
    with refused(text, {"electronic_scheme": "electronic_address"}.get(chosen)):
        merge_clients(kept=acme, discarded=globex, by=None, choices=Choices(fields=frozenset({chosen})))


def test_a_deleted_client_goes_from_reasons_and_from_what_merges_remember():
    gone = make_client("Umbrella Corporation")
    reason = "As agreed with Umbrella Corporation"
    acme = make_client(tax_exempt=True, exemption="E", exemption_reason=reason)
    kept = make_client("Kept", tax_exempt=True, exemption="E", exemption_reason="Article 132")
    merged = make_client("Merged", tax_exempt=True, exemption="E", exemption_reason=reason)
    merge_clients(kept=kept, discarded=merged, by=None)
    delete_client(client=gone, by=None)
    assert (stored(acme)["exemption"], stored(acme)["exemption_reason"]) == ("E", "")
    assert stored(kept)["exemption_reason"] == "Article 132"
    assert "Umbrella" not in str(ClientMerge.objects.values().get())
    assert not [text for text in kept.notes.values_list("text", flat=True) if "Umbrella" in text]
