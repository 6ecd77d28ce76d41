"""Files of other systems: read as they mean, each client known by its id there, nothing taken that was not seen."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing_admin.csv_files.open_questions import NeedsAnswer
from billing_admin.errors import BusinessError
from billing_admin.staff.groups import BILLING, OWNER
from clients.models import Client, ClientFileMapping, ExternalReference
from clients.services.importing.other_systems import NotAgreed, import_foreign_clients, preview_foreign_clients
from clients.services.importing.questions import Answers
from clients.services.importing.ready import BY_CODE, READY
from clients.services.importing.recognise import recognise
from clients.services.merge.merge_clients import merge_clients
from credits.models import CreditEntry, CreditGrant
from credits.services.bulk.reverse import reverse_credit_batch
from credits.services.limits import set_credit_limits
from tests.commands import run_command
from tests.factories import make_client, make_staff
from tests.invariants import assert_invariants
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

FILES = Path(__file__).parent / "files"
HEADER = "ref;name;mail;land;saldo;seit"
MAPPING = {
    "ref": "External ID", "name": "Company Name", "mail": "Email Address", "land": "Country", "saldo": "Credit",
    "seit": "Creation Date",
}  # fmt: skip


def mapping(**changes) -> ClientFileMapping:
    return ClientFileMapping(**{"name": "Ours", "source": "Old", "columns": MAPPING, "currency": "EUR"} | changes)


def content(*lines: str, header: str = HEADER, encoding: str = "utf-8") -> bytes:
    return "\n".join([header, *lines, ""]).encode(encoding)


def bring_in(*lines: str, how: ClientFileMapping | None = None, encoding: str = "utf-8", **more):
    more = {"accept_changes": True, "with_lookalikes": True, "by": None} | more
    return import_foreign_clients(
        name="old.csv", content=content(*lines, encoding=encoding), mapping=how or mapping(), **more
    )


def look_at(*lines: str, how: ClientFileMapping | None = None, **more):
    return preview_foreign_clients(name="old.csv", content=content(*lines), mapping=how or mapping(), **more)


def reasons(run) -> list[str]:
    return [f"{row.line}: {row.reason}" for row in run.bad]


# Ready mapping → currency where the file names none, clients, changes, credit, what is below zero.
EXPECTED = {
    "whmcs-report": ("", 3, 3, {"GBP": Decimal("12.500")}, ["Line 4: −4.00 EUR"]),
    "whmcs-table": ("USD", 2, 0, {"USD": Decimal("5.000")}, []),
    "fossbilling": ("", 3, 0, {}, []),
    "invoice-ninja": ("", 2, 0, {"USD": Decimal("1240.000")}, []),
    "zoho": ("", 2, 0, {"EUR": Decimal("15.500")}, []),
    "wave": ("", 1, 0, {}, []),
    "freshbooks": ("USD", 1, 0, {}, []),
    "stripe": ("", 2, 1, {}, []),
}


@pytest.mark.parametrize("code", [ready.code for ready in READY])
def test_each_ready_mapping_reads_its_systems_file_once(code):
    file = FILES / f"{code}.csv"
    ready = recognise(file.name, file.read_bytes())
    assert ready is BY_CODE[code]
    currency, clients, changes, credit, owed = EXPECTED[code]
    how = {"name": file.name, "content": file.read_bytes(), "mapping": ready.mapping, "answers": Answers(currency)}
    run = preview_foreign_clients(**how)
    assert reasons(run) == []
    assert (run.imported, len(run.reading.changes), run.credit, run.reading.owed) == (clients, changes, credit, owed)
    import_foreign_clients(**how, by=None, accept_changes=True, with_lookalikes=True)
    assert Client.objects.count() == ExternalReference.objects.filter(source=ready.source).count() == clients
    assert {each.currency: each.amount.amount for each in CreditEntry.objects.all()} == credit
    with nothing_changes():
        again = import_foreign_clients(**how, by=None, accept_changes=True)
    assert (again.imported, again.already_there) == (0, clients)
    assert_invariants()


def test_the_files_say_what_they_mean():
    for code in ("whmcs-report", "whmcs-table", "fossbilling", "zoho", "stripe"):
        file = FILES / f"{code}.csv"
        import_foreign_clients(
            name=file.name, content=file.read_bytes(), mapping=BY_CODE[code].mapping, by=None,
            answers=Answers("USD"), accept_changes=True, with_lookalikes=True,
        )  # fmt: skip
    named = {client.name: client for client in Client.objects.all()}
    smith = named["Smith & Sons"]
    assert (smith.country, smith.currency, smith.group.name, smith.created_at.date().isoformat()) == (
        "GB", "GBP", "Resellers", "2019-03-31",
    )  # fmt: skip
    assert (named["Jürgen Groß"].status, named["Siobhán O'Neill"].country) == ("inactive", "IE")
    assert named["Grace Hopper"].tax_exempt
    assert (named["Globex Inc"].status, named["Gone Away"].status) == ("inactive", "closed")
    assert named["Walk-in"].email == "walkin@example.nl"
    assert named["nameless@example.com"].currency == "USD"


def test_utf_8_read_as_cp1252_is_mended_and_every_change_is_listed():
    run = look_at('1;"MÃ¼ller &amp; Co";m@x.example;DE;0;2020-01-01', '2;"O&#039;Neill";;;;')
    assert [(each.line, each.column, each.before, each.after) for each in run.reading.changes] == [
        (2, "name", "MÃ¼ller &amp; Co", "Müller & Co"),
        (3, "name", "O&#039;Neill", "O'Neill"),
    ]
    with nothing_changes(), pytest.raises(NotAgreed) as refused:
        bring_in('1;"MÃ¼ller &amp; Co";m@x.example;DE;0;2020-01-01', accept_changes=False)
    assert str(refused.value) == (
        "1 value would be taken otherwise than in the file. Nothing was imported. Look at them and agree."
    )
    bring_in('1;"MÃ¼ller &amp; Co";m@x.example;DE;0;2020-01-01')
    assert Client.objects.get().name == "Müller & Co"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_encoding_gives_the_same_name(encoding):
    assert not bring_in("1;Müller Größe & Söhne;m@x.example;DE;0;", encoding=encoding).reading.changes
    assert Client.objects.get().name == "Müller Größe & Söhne"


def test_a_country_is_taken_asked_or_refused_and_never_another():
    run = look_at("1;A;;UK;;", "2;B;;Austria;;", "3;C;;XX;;", "4;D;;Austrai;;", "5;E;;AUT;;")
    assert [(each.line, each.before, each.after) for each in run.reading.changes] == [(2, "UK", "GB"), (6, "AUT", "AT")]
    assert reasons(run) == [
        "4: land “XX” is not the code or name of a country.",
        "5: land “Austrai” is not the code or name of a country.",
    ]
    with nothing_changes(), pytest.raises(NotAgreed):
        bring_in("1;A;;UK;;", "2;B;;Austria;;", accept_changes=False)
    bring_in("1;A;;UK;;", "2;B;;Austria;;")
    assert list(Client.objects.order_by("number").values_list("country", flat=True)) == ["GB", "AT"]


def test_a_client_is_known_by_its_id_there_and_gets_a_number_of_ours():
    bring_in("a-17;Acme;a@x.example;DE;;2020-01-31", "99;Globex;;;;")
    acme, globex = Client.objects.order_by("number")
    assert globex.number == acme.number + 1
    with nothing_changes():
        again = bring_in("a-17;Acme;a@x.example;DE;;2020-01-31")
    assert (again.imported, again.already_there) == (0, 1)
    run = look_at("a-17;Acme AG;a@x.example;DE;;2020-01-31", "100;New;;;;")
    differing = "Company Name is “Acme” here and “Acme AG” in the file"
    assert (run.imported, reasons(run)) == (1, [f"2: Client {acme.number} exists with other values: {differing}."])
    # What another system calls the same is another client.
    assert look_at("a-17;Acme;;;;", how=mapping(source="Other")).imported == 1


def test_a_column_mapped_to_client_id_is_ours_and_must_be_free():
    taken = make_client("Taken")
    columns = {"ref": "Client ID", "mail": "External ID", "name": "Company Name"}
    how = mapping(columns=columns)
    run = look_at(f"{taken.number};A;x;;;", "777001;B;y;;;", "777001;C;z;;;", how=how)
    assert reasons(run) == [
        f"2: Client ID {taken.number} is another client’s already; give one that is free.",
        "4: Client ID 777001 is on line 3 already.",
    ]
    bring_in("777001;B;y;;;", how=how)
    assert Client.objects.get(number=777001).external_references.get().external_id == "y"


def test_credit_is_an_opening_balance_and_negatives_are_listed():
    run = bring_in("1;A;;;12,50;", "2;B;;;-3,00;", "3;C;;;0,00;")
    grant, entry = CreditGrant.objects.get(), CreditEntry.objects.get()
    assert (grant.client.name, grant.category, grant.amount.amount, entry.amount.amount, entry.kind) == (
        "A", "promotional", Decimal("12.50"), Decimal("12.50"), "grant",
    )  # fmt: skip
    assert grant.description == "Opening balance from Old"
    assert "Not booked, because it is below zero: Line 3: −3.00 EUR." in run.notices
    assert "Opening balances of 12.50 EUR were given." in run.notices
    assert_invariants()
    reverse_credit_batch(batch_id=entry.batch, by=None)
    assert_invariants()


def test_credit_is_in_the_currency_of_its_row():
    how = mapping(columns=MAPPING | {"seit": "Currency"})
    bring_in("1;A;;;1.240,00;usd", "2;B;;;7,25;EUR", how=how)
    assert {(each.currency, each.amount.amount) for each in CreditGrant.objects.all()} == {
        ("USD", Decimal("1240.00")), ("EUR", Decimal("7.25")),
    }  # fmt: skip
    assert reasons(
        look_at("3;C;;;€ 5,00;USD", "4;D;;;1,255;EUR", "5;E;;;5,5;XXX", how=how, answers=Answers(decimal_sign=","))
    ) == [
        "2: saldo “€ 5,00” is not in USD, the currency of the row.",
        "3: saldo “1,255”: EUR has 2 decimal places; 1.255 has more.",
        "4: seit “XXX” is not a currency in use. Give an ISO code such as USD.",
    ]


def test_credit_needs_the_right_to_give_it():
    robin = make_staff(BILLING, username="robin")
    robin.user_permissions.clear()
    robin.groups.get().permissions.remove(*robin.groups.get().permissions.filter(codename="give_bulk_credit"))
    with nothing_changes(), pytest.raises(BusinessError, match="needs the right “Give bulk credit”"):
        bring_in("1;A;;;12,50;", by=robin)
    assert bring_in("1;A;;;0;", by=robin).imported == 1


def test_paid_credit_needs_its_own_right():
    robin = make_staff(BILLING, username="robin")
    paid = mapping(opening_credit="paid")
    with (
        nothing_changes(),
        pytest.raises(BusinessError, match="which needs the right “Give paid credit without a paym"),
    ):
        bring_in("1;A;;;12,50;", how=paid, by=robin)
    bring_in("1;A;;;12,50;", how=paid, by=make_staff(OWNER, username="olga"))
    assert CreditGrant.objects.get().category == "paid"


def test_credit_above_the_limit_is_asked():
    set_credit_limits(largest_grants={"EUR": Decimal(100)}, by=None)
    with nothing_changes(), pytest.raises(NotAgreed, match="1 opening balance is above the limit of credit"):
        bring_in("1;A;;;100,01;", "2;B;;;100,00;")
    assert bring_in("1;A;;;100,01;", "2;B;;;100,00;", above_limit=True).credit == {"EUR": Decimal("200.01")}


def test_clients_that_may_be_there_are_shown_and_never_merged():
    acme = make_client("Acme Ltd", email="info@acme.example", phone="+49 221 5550", city="Köln")
    lines = ["1;Other;INFO@acme.example;;;", "2;acme ltd;;;;", "3;New One;n@x.example;;;", "4;New Two;N@x.example;;;"]
    run = look_at(*lines)
    assert [(each.line, each.other, each.number, each.reasons) for each in run.lookalikes] == [
        (2, "Acme Ltd", acme.number, "Same e-mail address"),
        (3, "Acme Ltd", acme.number, "Same company name"),
        (5, "New One on line 4", None, "Same e-mail address"),
    ]
    phones = mapping(columns=MAPPING | {"land": "Phone"})
    twins = look_at("1;A;;+49 30 5551;;", "2;B;;0049 30 5551;;", how=phones).lookalikes
    assert [(each.line, each.other, each.reasons) for each in twins] == [(3, "A on line 2", "Same phone")]
    with nothing_changes(), pytest.raises(NotAgreed) as refused:
        bring_in(*lines, with_lookalikes=None)
    assert str(refused.value).startswith("3 clients of the file may be there already. Nothing was imported.")
    run = bring_in(*lines, with_lookalikes=False)
    assert (run.imported, run.left_out) == (1, 3)
    assert bring_in(*lines).imported == 3
    assert Client.objects.count() == 5


def test_what_a_file_leaves_open_is_asked():
    ambiguous = ["1;A;;;1,234;03/04/2020"]
    with pytest.raises(NeedsAnswer) as asked:
        look_at(*ambiguous)
    assert asked.value.question == "date_order"
    with pytest.raises(NeedsAnswer) as asked:
        look_at(*ambiguous, answers=Answers(date_order="dmy"))
    assert asked.value.question == "decimal_sign"
    with pytest.raises(NeedsAnswer) as asked:
        look_at("1;A;;;;", how=mapping(currency=""))
    assert asked.value.question == "currency"
    bring_in(*ambiguous, answers=Answers(date_order="dmy", decimal_sign="."))
    assert Client.objects.get().created_at.date().isoformat() == "2020-04-03"
    assert CreditGrant.objects.get().amount.amount == 1234


def test_nothing_is_imported_that_was_not_seen():
    seen = look_at("1;A;a@x.example;;;").digest
    make_client("Somebody", email="a@x.example")
    with nothing_changes(), pytest.raises(NotAgreed, match="changed meanwhile"):
        bring_in("1;A;a@x.example;;;", seen=seen)


@pytest.mark.parametrize(
    "changed",
    [
        {"currency": "USD"},
        {"opening_credit": "paid"},
        {"source": "Other"},
        {"columns": {column: field for column, field in MAPPING.items() if field != "Email Address"}},
    ],
)
def test_nothing_is_imported_by_a_mapping_that_was_edited_since(changed):
    seen = look_at("1;A;a@x.example;;5,00;").digest
    with nothing_changes(), pytest.raises(NotAgreed, match="changed meanwhile"):
        bring_in("1;A;a@x.example;;5,00;", how=mapping(**changed), seen=seen)
    assert bring_in("1;A;a@x.example;;5,00;", seen=seen).imported == 1


def test_credit_of_a_client_that_is_there_is_said_not_to_be_given():
    bring_in("1;A;;;;", how=mapping(columns={"ref": "External ID", "name": "Company Name"}))
    assert look_at("1;A;;;100,00;", "2;B;;;7,00;").credit_not_given == "100.00 EUR"
    assert bring_in("1;A;;;100,00;", "2;B;;;7,00;").notices == [
        "Opening balances of 7.00 EUR were given.",
        "Credit of clients that are there already was not given: 100.00 EUR.",
    ]


def test_a_mapped_column_that_stands_twice_is_refused():
    twice = content("1;A;5,00;900,00", header="ref;name;saldo;Saldo")
    with nothing_changes(), pytest.raises(BusinessError, match="“saldo” is there 2 times"):
        import_foreign_clients(name="old.csv", content=twice, mapping=mapping(), by=None)


def test_a_reference_moves_with_a_merge():
    bring_in("1;A;;;;", "2;B;;;;")
    kept, discarded = Client.objects.order_by("number")
    merge_clients(kept=kept, discarded=discarded, by=None)
    assert list(kept.external_references.order_by("external_id").values_list("external_id", flat=True)) == ["1", "2"]


def test_queries_do_not_grow_with_the_rows():
    counts = []
    for first, many in ((0, 2), (1_000, 300)):
        with CaptureQueriesContext(connection) as queries:
            bring_in(*(f"{n};Client {n};c{n}@x.example;DE;1,00;" for n in range(first, first + many)))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert (Client.objects.count(), CreditEntry.objects.count()) == (302, 302)


def test_the_command_tells_the_system_by_the_header(tmp_path):
    ran = run_command("import_clients", FILES / "whmcs-report.csv")
    assert ran.exit_code == 1
    assert "Line 2: Country “UK” is taken as “GB” (no code or name of the list)." in ran.named
    assert ran.error.endswith("Add --accept-changes.")
    assert not Client.objects.exists()
    asked = run_command("import_clients", FILES / "freshbooks.csv").error
    assert asked.endswith("in which currency its clients are billed. Nothing was imported. Add --currency CODE.")
    ran = run_command("import_clients", FILES / "whmcs-report.csv", "--accept-changes")
    assert ran.printed == [
        "This is a file of WHMCS, report of clients; --mapping NAME reads it otherwise.",
        "3 clients were imported from whmcs-report.csv.",
        "1 client group had to be added: Resellers.",
        "Opening balances of 12.50 GBP were given.",
        "Not booked, because it is below zero: Line 4: −4.00 EUR.",
        "Columns that were not taken: Notes.",
    ]


def test_the_command_reads_by_a_saved_mapping_and_previews(tmp_path):
    mapping(name="Old system").save()
    file = tmp_path / "old.csv"
    file.write_bytes(content("1;Acme;a@x.example;;;", "2;Twin;A@x.example;;;"))
    with nothing_changes():
        ran = run_command("import_clients", file, "--mapping", "old SYSTEM", "--preview")
    assert ran.printed == [
        "2 clients would be imported, 0 are already there.", "Nothing was imported: this is a preview.",
    ]  # fmt: skip
    assert ran.named == ["Line 3: Twin may be Acme on line 2: Same e-mail address."]
    with nothing_changes():
        assert run_command("import_clients", file, "--mapping", "Old system").error.endswith(
            "Add --skip-duplicates or --import-duplicates."
        )
        assert "There is no mapping “None”" in run_command("import_clients", file, "--mapping", "None").error
    assert run_command("import_clients", file, "--mapping", "Old system", "--skip-duplicates").printed[-1] == (
        "1 client that may be there already was left out."
    )
