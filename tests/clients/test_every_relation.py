"""Every relation to a client, or to a row of a client, is decided on by merge, undo, delete and export.

Whoever adds one finds these failing. To do: a kind in `clients/selectors/client_data.py` (by which previews, proof and
export go), a statement in the app's `services/moving.py` for merge, undo and deletion, and a row in
`tests/clients/holders.py`, so that the tests of all four look at it.
"""

import pytest

from clients.models import Client
from clients.selectors.client_data import KINDS
from clients.services.export import queries
from tests.clients.holders import make_holder
from tests.clients.relations import counts_of, counts_of_all, models_with_rows_of_clients, references_to_clients

pytestmark = pytest.mark.django_db

# Which rows a merge moved: known to a client through its merge alone; undo reads them, deletion and export take them.
THROUGH_THE_MERGE = {"clients_mergedrows"}


def test_every_reference_to_a_client_is_a_kind_that_is_counted_moved_deleted_and_exported():
    referring = {(model._meta.db_table, column) for model, column in references_to_clients()}
    listed = {(kind.table, column) for kind in KINDS for column in kind.columns}
    assert referring == listed


def test_every_table_with_rows_of_clients_is_listed_also_those_further_away():
    tables = {model._meta.db_table for model in models_with_rows_of_clients()}
    assert tables == {kind.table for kind in KINDS} | THROUGH_THE_MERGE


def test_every_such_table_has_rows_of_the_client_that_the_tests_are_about():
    acme = make_holder()
    without = [column for column, number in counts_of(acme).items() if not number]
    assert without == ["clients_notaduplicate.second_id"]  # the other side of the same rows
    assert [table for table, number in counts_of_all().items() if not number] == []


def test_every_such_table_has_a_file_in_the_export():
    exported = {query.partition("FROM ")[2].split()[0] for query in queries(Client(pk=1)).values()}
    assert exported == {kind.table for kind in KINDS} | THROUGH_THE_MERGE
