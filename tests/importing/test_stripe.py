"""Stripe: the rows of its exports as they are staged, and their sums."""

from decimal import Decimal
from pathlib import Path

import pytest

from billing_admin.errors import BusinessError
from billing_admin.importing.stripe.read import read_stripe
from billing_admin.models import (
    STAGED,
    StagedClient,
    StagedCredit,
    StagedInvoice,
    StagedLine,
    StagedMoney,
    SystemImport,
)
from clients.services.system_import.decisions import decide, questions
from clients.services.system_import.preview import preview
from tests.stripe.exports import SECRET, Exports, add_dirty, make_exports

from .added_up import staged_sums, told_sums

pytestmark = pytest.mark.django_db
D = Decimal


def read(paths: dict[str, Path]) -> SystemImport:
    return read_stripe(source="Stripe", by=None, progress=lambda doing, done, total: None, **paths)


def dirty(tmp_path: Path, **values: object) -> SystemImport:
    exports = make_exports(3)
    add_dirty(exports)
    return read(exports.write(tmp_path, **values))


def client_of(run: SystemImport, last_name: str) -> StagedClient:
    return StagedClient.objects.get(of=run, last_name=last_name)


@pytest.mark.parametrize("minor", [False, True])
def test_sums_are_those_of_the_staged_rows(tmp_path, minor):
    exports = make_exports(12, minor=minor)
    if not minor:
        add_dirty(exports)
    run = read(exports.write(tmp_path))
    assert staged_sums(run) == told_sums(run)
    assert {"USD", "EUR", "JPY"} <= set(run.sums["balances"])
    assert set(run.facts["units"].values()) == {"minor" if minor else "major"}


def test_amounts_are_the_same_in_whichever_unit_they_are_counted(tmp_path):
    found = []
    for minor in (False, True):
        folder = tmp_path / str(minor)
        folder.mkdir()
        run = read(make_exports(12, minor=minor).write(folder))
        found.append((run.sums, list(StagedInvoice.objects.filter(of=run).order_by("pk").values_list("total", "tax"))))
        SystemImport.objects.filter(pk=run.pk).update(state="discarded")
    assert found[0] == found[1]


def test_a_balance_below_zero_is_credit_and_one_above_a_debt(tmp_path):
    exports = Exports()
    exports.customer("With Credit", balance="-12.50")
    exports.customer("With Debt", balance="7.25")
    exports.customer("In Yen", balance="-500", currency="jpy")
    run = read(exports.write(tmp_path) | {"invoices": None, "balance": None})
    assert list(StagedClient.objects.filter(of=run).order_by("pk").values_list("balance", flat=True)) == [
        D("12.50"), D("-7.25"), 500,
    ]  # fmt: skip
    assert run.sums["balances"]["USD"] == {"above": "1", "below": "1", "sum": "5.25"}


def test_a_customer_is_mended_and_split_into_names(tmp_path):
    run = dirty(tmp_path)
    client = StagedClient.objects.get(of=run, company_name="Smith & Sons")
    assert (client.email, client.notes, client.created_on, client.tax_exempt) == (
        "müller@example.com", "Old\nnotes", None, True,
    )  # fmt: skip
    words = ("entities", "encoding", "longer", "“yesterday” is no date")
    assert [word in client.changes for word in words] == [True] * 4
    assert client.texts == f"Postcode: {'9' * 30}"
    first = client_of(run, "Byron-A")
    assert (first.first_name, first.custom, first.currency) == ("Ada", {"0": "gold"}, "USD")
    assert StagedClient.objects.get(of=run, company_name="Company 2 Ltd").last_name == ""
    assert client_of(run, "only").first_name == "Described"
    assert run.facts["fields"][0]["name"] == "plan code"


def test_who_has_no_currency_has_that_of_the_first_invoice(tmp_path):
    run = dirty(tmp_path)
    assert (client_of(run, "Later").currency, client_of(run, "Billed").currency) == ("EUR", "USD")
    assert run.facts["default_currency"] == "USD"


def test_an_invoice_in_another_currency_is_not_its_customers(tmp_path):
    run = dirty(tmp_path)
    key = client_of(run, "Currencies").source_id
    assert StagedInvoice.objects.get(of=run, client_source_id__startswith=f"{key} ").client_source_id == f"{key} in EUR"


def test_a_discount_is_off_the_one_line_of_an_invoice(tmp_path):
    run = dirty(tmp_path)
    invoice = StagedInvoice.objects.get(of=run, client_source_id=client_of(run, "Discounted").source_id)
    line = StagedLine.objects.get(of=run, invoice_source_id=invoice.source_id)
    assert (invoice.subtotal, invoice.tax, invoice.total, line.amount) == (90, D("17.10"), D("107.10"), 90)
    assert (invoice.tax_rate, line.taxed, invoice.is_gross) == (19, True, True)
    assert "Subtotal: 100.00 there" in invoice.changes


def test_statuses_are_in_the_words_of_staged_rows(tmp_path):
    run = dirty(tmp_path)
    rows = StagedInvoice.objects.filter(of=run, client_source_id=client_of(run, "Status").source_id).order_by("pk")
    assert [row.status for row in rows] == ["Draft", "Unpaid", "Cancelled", "Uncollectible", "odd"]
    assert {row.paid for row in rows} == {0}


def test_credit_that_paid_an_invoice_is_a_row_of_credit(tmp_path):
    run = read(make_exports(1).write(tmp_path))
    invoice = StagedInvoice.objects.get(of=run, credit=5)
    row = StagedCredit.objects.get(of=run)
    assert (row.invoice_source_id, row.amount, str(row.on)) == (invoice.source_id, -5, str(invoice.issued_on))
    assert invoice.paid == invoice.total - 5


def test_an_older_debt_is_no_part_of_an_invoice(tmp_path):
    run = dirty(tmp_path)
    invoice = StagedInvoice.objects.get(of=run, client_source_id=client_of(run, "Debt").source_id)
    assert (invoice.total, invoice.credit) == (10, 0)
    assert "5.00 of what is due is of an older debt" in invoice.changes


def test_charges_refunds_and_disputes_are_money_of_their_invoice(tmp_path):
    run = dirty(tmp_path)
    key = client_of(run, "Back").source_id
    charge, refund, dispute, foreign = StagedMoney.objects.filter(of=run, client_source_id=key).order_by("pk")
    assert (charge.amount_in, charge.fees, charge.invoice_source_id[:3]) == (10, D("0.59"), "in_")
    assert (refund.amount_out, refund.refund_of, refund.fees) == (4, charge.source_id, 0)
    assert (dispute.amount_out, dispute.refund_of, dispute.fees) == (6, charge.source_id, 15)
    assert (foreign.amount_in, foreign.currency, foreign.fees) == (10, "EUR", 0)
    assert "11.00 USD reached the account" in foreign.changes
    gone = StagedMoney.objects.get(of=run, client_source_id="cus_gone")
    assert (gone.amount_in, gone.client_name, gone.gateway) == (7, "Gone Ltd", "stripe")


def test_what_is_no_money_of_customers_is_counted_and_not_read(tmp_path):
    run = dirty(tmp_path)
    assert run.facts["not_read"] == {"payout": 3, "stripe_fee": 1, "transfer": 1, "adjustment": 1}
    assert run.sums["tables"]["balance: payout, not read"] == "3"
    assert StagedMoney.objects.filter(of=run).count() == int(run.sums["tables"]["balance"])


def test_the_export_of_the_dashboard_is_read_too(tmp_path):
    run = dirty(tmp_path, report=False)
    assert staged_sums(run) == told_sums(run)
    assert set(StagedMoney.objects.filter(of=run).values_list("client_source_id", "invoice_source_id")) == {("", "")}


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8-sig", ";"), ("cp1252", "\t"), ("utf-16", ",")])
def test_files_that_a_program_saved_again_are_read(tmp_path, encoding, delimiter):
    run = read(make_exports(2).write(tmp_path, encoding=encoding, delimiter=delimiter))
    assert set(StagedClient.objects.filter(of=run).values_list("city", flat=True)) == {"Köln"}


def test_moments_are_of_the_day_that_they_are_here(tmp_path, settings):
    exports = Exports()
    exports.customer(**{"Created (UTC)": "2024-01-31 23:30"})
    settings.TIME_ZONE = "Europe/Berlin"
    run = read({"customers": exports.write(tmp_path)["customers"]})
    assert str(StagedClient.objects.get(of=run).created_on) == "2024-02-01"


def test_no_card_is_read(tmp_path):
    run = dirty(tmp_path)
    kept = [str(row) for model in STAGED for row in model._default_manager.filter(of=run).values()]
    assert len(kept) > 50
    assert not [row for row in [*kept, str(run.facts), str(run.sums)] if SECRET in row or "4242" in row]


def test_a_file_that_is_another_is_refused(tmp_path):
    paths = make_exports(1).write(tmp_path)
    with pytest.raises(
        BusinessError, match=r"customers\.csv is no export of Stripe’s invoices: it has no column “customer”"
    ):
        read(paths | {"invoices": paths["customers"]})
    assert not SystemImport.objects.exists()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "cus_9,,,,,,,,,,,,,,12.x,usd,,,",
            "Line 3 of customers.csv has “12.x” as “Account Balance”, which is no",
        ),
        (",,,,,,,,,,,,,,12,usd,,,", "Line 3 of customers.csv has no id"),
        ("cus_9,few", "Line 3 of customers.csv has 2 values, and the header 19 columns"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named(tmp_path, line, words):
    paths = make_exports(1).write(tmp_path)
    with paths["customers"].open("a") as file:
        file.write(f"{line}\n")
    with pytest.raises(BusinessError, match=words.replace(".", r"\.")):
        read(paths)
    assert not SystemImport.objects.exists()


def test_units_are_asked_with_what_was_seen_as_the_default(tmp_path):
    run = read(make_exports(1).write(tmp_path))
    asked = {question.key: question for question in questions(run) if question.key.startswith("units:")}
    assert [(key, question.default) for key, question in asked.items()] == [
        ("units:customers", "major"), ("units:invoices", "major"), ("units:balance", "major"),
    ]  # fmt: skip
    assert "“0.00” on line 2 has a decimal point" in asked["units:customers"].text


def test_amounts_are_counted_again_as_staff_decide(tmp_path):
    """Files in the smallest unit without a point may be in units all the same; back again it is as it was."""
    exports = make_exports(12, minor=True)
    exports.invoice("cus_000001", "10.00", currency="eur")
    run = read(exports.write(tmp_path))
    before = (staged_sums(run), run.sums)
    kinds = ("customers", "invoices", "balance")
    run = preview(decide(run, dict.fromkeys((f"units:{kind}" for kind in kinds), "major")))
    assert staged_sums(run) == told_sums(run)
    yen, dollars = (run.sums["balances"][code]["sum"] for code in ("JPY", "USD"))
    assert D(dollars) == 100 * D(before[1]["balances"]["USD"]["sum"])
    assert D(yen) == D(before[1]["balances"]["JPY"]["sum"])
    assert StagedInvoice.objects.get(of=run, client_source_id="cus_000001 in EUR").total == 1000
    run = preview(decide(run, dict.fromkeys((f"units:{kind}" for kind in kinds), "minor")))
    assert staged_sums(run) == before[0] == told_sums(run)
