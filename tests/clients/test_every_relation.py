"""Every relation to a client, or to a row of a client, is decided on by merge, undo, delete and export.

Whoever adds a table finds these failing. To do: a line in `clients/selectors/client_data.py`, by which merge, undo,
deletion, their previews and the export go, and a row in `tests/clients/holders.py`, so that the tests look at it;
or, where its rows are no client's, an exception here.
"""

import pytest
from django.apps import apps

from billing_admin.models.staged import STAGED
from clients.models import Client
from clients.selectors.client_data import CLIENT_TABLES
from clients.services.export import queries
from tests.clients.holders import make_holder
from tests.clients.relations import counts_of, counts_of_all, models_with_rows_of_clients, references_to_clients

pytestmark = pytest.mark.django_db

# The tables whose rows are not one client's, and why.
EXCEPTIONS = {
    "billing_admin_actedrows": "ids of rows of many, and reasons; a deletion empties reasons that name the client",
    "billing_admin_deletedrows": "ids of rows that went with clients or by themselves",
    "billing_admin_emailchange": "an address that somebody of the staff wants to have",
    "billing_admin_figures": "sums of many",
    "billing_admin_invitation": "who is asked to join the staff",
    "billing_admin_invitation_groups": "to which roles they are asked",
    "billing_admin_job": "work on files with rows for many, or of the whole system; removed a month after it ended",
    "billing_admin_monthsum": "sums of many",
    "billing_admin_offeredpermission": "of the whole system",
    "billing_admin_ratecount": "how often people did something",
    "billing_admin_role": "of the whole system",
    "billing_admin_savedfile": "rows of many, for a day; a deletion of any client removes all",
    "billing_admin_savedview": "what somebody searches for; a deletion removes one that names the client",
    "billing_admin_staffsession": "who is signed in",
    **dict.fromkeys(
        (model._meta.db_table for model in STAGED),
        "what was read of another system until it is booked; a deletion removes what the client has in it",
    ),
    "billing_admin_systemimport": "of the whole system; names rows by number and id only",
    "billing_admin_writtenrows": "ids and digests of rows of many",
    "clients_activitycount": "how often somebody failed to sign in, of no client",
    "clients_activityseal": "ids and digests of rows of many",
    "clients_activitysignoff": "of the whole system",
    "clients_client": "the client itself",
    "clients_clientfile": "an upload that is not imported yet; a deletion removes one that names the client",
    "clients_clientfilemapping": "of the whole system",
    "clients_customfield": "of the whole system",
    "clients_documentsettings": "of the whole system",
    "clients_clientgroup": "shared by many",
    "clients_clientdeletion": "what is left of a client that is gone; nothing personal",
    "clients_limit": "of roles and people of the staff",
    "clients_limitsettings": "of the whole system",
    "clients_limituse": "what one of the staff used of a limit today; names a client by a key that says nothing alone",
    "clients_mailsettings": "of the whole system",
    "clients_mailtemplate": "of the whole system",
    "clients_mailwave": "ids of many, until a worker takes it apart; a message is made only of what is there",
    "clients_unsealed": "which rows of many are to be sealed",
    "clients_mergedrows": "known through its merge, with which it moves and goes",
    "credits_closedperiod": "of the whole system",
    "credits_closedperiodsum": "sums of many",
    "credits_creditbatch": "a file with rows for many",
    "credits_creditbatchrow": "names a client by number until the file is booked; a deletion removes it",
    "credits_creditfile": "an upload that is not read yet; a deletion removes one that names the client",
    "credits_creditsettings": "of the whole system",
    "credits_ledgercheck": "of the whole system",
    "credits_ledgerfinding": "of the whole system",
    "invoices_deletednumbers": "which numbers went with a client that is gone; nothing personal",
    "invoices_exchangerate": "of the whole system",
    "invoices_invoicerun": "bills many",
    "invoices_numberformat": "of the whole system",
    "invoices_numberseries": "of the whole system",
    "invoices_reminderlevel": "of the whole system",
    "invoices_reminderlevel_exempt_groups": "of groups of clients",
    "invoices_runlimits": "of the whole system",
    "invoices_sellerlogo": "the company's",
    "invoices_sellerversion": "the company's",
    "invoices_taxrate": "of the whole system",
    "invoices_taxsettings": "of the whole system",
    "transactions_formerpaymentformat": "of the whole system",
    "transactions_paymentbatch": "a file with payments of many",
    "transactions_paymentfile": "an upload that is not booked yet; a deletion removes one that names the client",
    "transactions_paymentfilemapping": "of the whole system",
    "transactions_paymentmethod": "of the whole system",
}

# Which rows a merge moved: known to a client through its merge alone; undo reads them, deletion and export take them.
THROUGH_THE_MERGE = {"clients_mergedrows"}


def test_every_column_that_names_a_client_is_listed():
    referring = {(model._meta.db_table, column) for model, column in references_to_clients()}
    listed = {(table.db_table, column) for table in CLIENT_TABLES for column in table.columns}
    assert referring == listed


def test_every_table_is_listed_or_a_named_exception():
    tables = {
        model._meta.db_table
        for label in ("billing_admin", "clients", "invoices", "transactions", "credits")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    }
    assert tables == {table.db_table for table in CLIENT_TABLES} | set(EXCEPTIONS)


def test_every_table_with_rows_of_clients_is_listed():
    tables = {model._meta.db_table for model in models_with_rows_of_clients()}
    assert tables == {table.db_table for table in CLIENT_TABLES} | THROUGH_THE_MERGE


def test_every_such_table_has_rows_of_the_client_that_the_tests_are_about():
    acme = make_holder()
    without = [column for column, number in counts_of(acme).items() if not number]
    assert without == ["clients_notaduplicate.second_id"]  # the other side of the same rows
    assert [table for table, number in counts_of_all().items() if not number] == []


def test_every_such_table_has_a_file_in_the_export():
    exported = {query.partition("FROM ")[2].split()[0] for query in queries(Client(pk=1)).values()}
    assert exported == {table.db_table for table in CLIENT_TABLES} | THROUGH_THE_MERGE
