"""Deleting a client with everything that is held about it; only the transactions stay, under their label."""

from functools import partial

from django.db import connection
from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_typed_words
from billing_admin.db.triggers import maintenance
from billing_admin.errors import BusinessError
from billing_admin.listing.saved_views import forget_views_naming
from billing_admin.listing.sheets import forget_sheets
from billing_admin.models import DeletedRows
from billing_admin.text import Names
from clients.models import Activity, Client, ClientDeletion, ClientNumberAlias
from clients.models.activity import actor_name
from clients.models.client_queryset import ClientGone
from clients.selectors.client_data import CLIENT_TABLES, TABLES_BY_NAME, ClientData, client_data_of
from clients.selectors.deletion import names_of
from clients.services.custom_fields import forget_fields_naming
from clients.services.importing.upload import forget_client_files_naming
from clients.services.mail.forget import forget_mail_to
from clients.services.staff.roles import forget_roles_naming
from clients.services.system_import.forget import forget_imported
from credits.services.bulk.upload import forget_credit_files_naming
from credits.services.client_deletion import forget_staged_credit, forget_transfer_reasons, others_in_transfers
from invoices.services.client_deletion import forget_fees_billed_to, keep_numbers
from transactions.selectors.payers import waiting_naming
from transactions.services.client_deletion import orphan_transactions
from transactions.services.importing.upload import forget_uploads_naming

from .forget_texts import Naming, forget_texts, texts_naming

# A refund of a transaction that stays still counts once, however often its form is sent.
_KEEP_KEYS_OF_MONEY = """
    UPDATE clients_formkey SET client_id = NULL, text = 'money of a client that was deleted since'
    WHERE client_id = %(client_id)s AND action LIKE 'payment.%%'
"""
_DELETE_MERGED_ROWS = """
    DELETE FROM clients_mergedrows WHERE merge_id IN (
        SELECT id FROM clients_clientmerge WHERE kept_id = %(client_id)s)
"""


@db_transaction.atomic
def delete_client(*, client: Client, by: Actor, with_transactions: bool = False) -> ClientDeletion:
    """Remove the client, and with it everything that names it but its transactions, for good.

    Of what was done for it stays that it was, by whom and when; what is personal in it is emptied.

    The transactions keep amounts, day, method, reference and their label, the number and name that they were booked
    with; what somebody typed as their description goes, and what a file said of the payer, also of money that is still
    unattached and names the client. `with_transactions` removes them too. What was typed into a transfer goes from the
    other client's side as well, and so do uploads that name the client, and what was typed elsewhere and names it:
    reasons, descriptions, the names of files and of fields. The number, and those of clients merged into this one, are
    never given again. A statement for each kind of row, however many there are.
    """
    try:
        client, naming = lock_for_deletion(client)
    except ClientGone:
        if deletion := ClientDeletion.objects.filter(number=client.number).first():
            raise BusinessError(
                f"Client {client.number} was deleted already by {deletion.deleted_by_name}; nothing was done."
            ) from None
        raise
    return delete_locked(client, naming, by=by, with_transactions=with_transactions)


def delete_locked(
    client: Client, naming: list[Naming], *, by: Actor, with_transactions: bool = False
) -> ClientDeletion:
    """The same for a client that is locked with `lock_for_deletion`, and what that found."""
    (has,) = client_data_of([client])
    former = list(ClientNumberAlias.objects.filter(client=client).order_by("number").values_list("number", flat=True))
    ids = [client.pk]
    shared = {"deleted_by": by, "deleted_by_name": actor_name(by), "transactions_kept": not with_transactions}
    deletion = ClientDeletion.objects.create(
        number=client.number, client_key=client.pk, counts=has.counts, totals=has.totals, **shared
    )
    called = names_of(client)
    names = Names(called)
    with maintenance("delete"):
        emptied = forget_transfer_reasons(client_ids=ids)
        forget_credit_files_naming(names)
        forget_staged_credit(numbers=[client.number, *former])
        forget_uploads_naming(names)
        forget_client_files_naming(names)
        forget_imported(client.pk)
        forget_sheets()
        forget_mail_to(client.pk)
        forget_views_naming(names, _said_of(client), partial(_is_found_by, client))
        keep_numbers(client_ids=ids, deletion=deletion)
        if has.count("billable_items"):
            forget_fees_billed_to(client_ids=ids)
        _delete_rows(client, has, with_transactions=with_transactions)
        emptied += Activity.objects.empty("client_id = %(client_id)s", {"client_id": client.pk})
        emptied += forget_texts(naming)
        forget_fields_naming(Names(_names_in_texts(called)))
        forget_roles_naming(Names(_names_in_texts(called)))
    ClientDeletion.objects.bulk_create(
        [ClientDeletion(number=number, merged_into=client.number, counts={}, totals={}, **shared) for number in former]
    )
    Activity.objects.record(
        by=by,
        client=None,
        verb="client.deleted",
        summary=f"Client {client.number} deleted; {what_became_of_transactions(deletion)}",
        data={"number": client.number, "counts": has.counts, "emptied": emptied},
    )
    return deletion


def _said_of(client: Client) -> list[str]:
    """By what one may have searched for the client, beside its names and addresses of e-mail."""
    return [client.phone, client.tax_id, client.address_1, client.address_2]


# A search that finds no more clients than these is about them; one that finds more is a filter.
_FEW = 3


def _is_found_by(client: Client, sought: str) -> bool:
    """Whether this search finds the client, and few others."""
    found = list(Client.objects.matching(sought).values_list("pk", flat=True)[: _FEW + 1])
    return client.pk in found and len(found) <= _FEW


def _delete_rows(client: Client, has: ClientData, *, with_transactions: bool) -> None:
    """Everything the client has, one statement a table that there is something in, and its own row last."""
    parameters = {"client_id": client.pk}
    with connection.cursor() as cursor:
        if not with_transactions:
            cursor.execute(_KEEP_KEYS_OF_MONEY, parameters)
        for table in CLIENT_TABLES:
            if table.stays or not has.count(table.name):
                continue
            if table.name == "transactions" and not with_transactions:
                orphan_transactions(client_ids=[client.pk])
                continue
            if table.name == "merges":
                cursor.execute(_DELETE_MERGED_ROWS, parameters)
            if table.is_append_only:
                DeletedRows.objects.delete(table.db_table, where=table.belongs, **parameters)
            else:
                cursor.execute(f"DELETE FROM {table.db_table} WHERE {table.belongs}", parameters)
        cursor.execute("DELETE FROM clients_client WHERE id = %(client_id)s", parameters)


def lock_for_deletion(client: Client) -> tuple[Client, list[Naming]]:
    """Lock the client, also against rows that only refer to it: its own row is about to go.

    With it those of whom something says its name or of a transfer with it; and what says it is returned too.

    Raises ClientGone.
    """
    lock_typed_words(forgetting=True)
    names = names_of(client)
    naming = texts_naming(Names(_names_in_texts(names)))
    naming += [Naming("transactions_transaction", pk, None) for pk in waiting_naming(client, names)]
    others = {row.client_id for row in naming if row.client_id}
    for locked in Client.objects.lock([client.pk, *others_in_transfers(client.pk), *others]):
        if locked.pk == client.pk:
            Client.objects.lock_for_removal(locked.pk)
            return locked, naming
    raise ClientGone


def _names_in_texts(names: list[list[str]]) -> list[list[str]]:
    """The same for what was typed elsewhere: one word alone may be anything, and what others typed would go."""
    return [name for name in names if len(name) > 1 or "@" in name[0] or " " in name[0]]


def what_became_of_transactions(deletion: ClientDeletion) -> str:
    """`3 transactions kept`, or that they went too, or that there were none."""
    number = deletion.counts.get("transactions", 0)
    if not number:
        return "there were no transactions to keep"
    became = "kept" if deletion.transactions_kept else "deleted too"
    return f"{TABLES_BY_NAME['transactions'].pluralize(number)} {became}"
