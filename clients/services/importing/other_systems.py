"""Importing the clients of another system: all of them or none, each known by its id there, and asked before."""

import hashlib
import json

from django.db import transaction as db_transaction
from django.db.backends.utils import CursorWrapper

from billing_admin.actor import Actor
from billing_admin.csv_files.imports import Progress
from billing_admin.csv_files.rows import BadRow
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import totals_text
from billing_admin.text import pluralize
from clients.models import ClientFileMapping
from clients.selectors.duplicates import duplicates_of_rows
from credits.services.bulk.opening import OpeningBalance, book_opening_balances

from .columns import COLUMNS, CREDIT, EXTERNAL_ID, stored_fields
from .questions import NO_ANSWERS, Answers, Lookalike
from .read import MappedFile, open_table
from .result import ClientImport, first_clients
from .staging import add, compare, leave_out, staged

_CREDIT_TOTALS = "SELECT currency, sum(credit) FROM incoming_client WHERE credit > 0 GROUP BY currency"
_ABOVE_LIMIT = """
    SELECT count(*) FROM incoming_client JOIN credits_creditsettings settings
      ON credit > (settings.largest_grants ->> currency)::numeric
"""
# The mapping may be changed after somebody looked: then it is other values that would be stored.
_VALUES = """
    SELECT md5(concat_ws(' ', %s, %s, string_agg(md5(incoming::text), '' ORDER BY line))) FROM incoming_client incoming
"""
_OPENING_BALANCES = """
    SELECT line, number, credit, currency, external_id FROM incoming_client WHERE credit > 0 ORDER BY line
"""


class NotAgreed(BusinessError):
    """Something in the file has to be agreed to first; `run` has it."""

    def __init__(self, text: str, run: ClientImport) -> None:
        super().__init__(text)
        self.run = run


@db_transaction.atomic
def preview_foreign_clients(
    *, name: str, content: bytes, mapping: ClientFileMapping, answers: Answers = NO_ANSWERS
) -> ClientImport:
    """What importing the file now would do; nothing is added.

    Raises NeedsAnswer where the file leaves something open.
    """
    with staged() as cursor:
        run = _judged(cursor, name, content, mapping, answers, lambda doing, done, total: None)
        run.clients = first_clients(cursor)
    return run


@db_transaction.atomic
def import_foreign_clients(
    *,
    name: str,
    content: bytes,
    mapping: ClientFileMapping,
    by: Actor,
    answers: Answers = NO_ANSWERS,
    skip_bad: bool = False,
    accept_changes: bool = False,
    with_lookalikes: bool | None = None,
    above_limit: bool = False,
    seen: str | None = None,
    progress: Progress = lambda doing, done, total: None,
) -> ClientImport:
    """Add the clients of another system's file, each under a number of ours, and their credit as opening balances.

    A row whose id is known counts as already there, or is bad where the client has other values. Values that are taken
    otherwise than they stand in the file, and clients that may be there already, are refused until they are agreed to:
    `accept_changes`; `with_lookalikes`, False to leave those out; `above_limit` for opening balances above the limit of
    credit. `seen` is the digest of the preview that they saw.

    Raises NeedsAnswer, NotAgreed, ImportRefused.
    """
    with staged() as cursor:
        run = _judged(cursor, name, content, mapping, answers, progress)
        if seen is not None and seen != run.digest:
            raise NotAgreed("What would become of the file changed meanwhile. Nothing was imported; look again.", run)
        run.refuse_bad_rows(skip_bad=skip_bad)
        _require_agreement(run, accept_changes=accept_changes, with_lookalikes=with_lookalikes, above_limit=above_limit)
        if with_lookalikes is False:
            lines = {each.line for each in run.lookalikes}
            run.left_out = len(lines)
            leave_out(cursor, run, lines)
        if run.imported:
            add(cursor, run, by, progress, mapping.source)
            _give_credit(cursor, run, content, mapping, by, progress)
    _sum_up(run)
    return run


def _judged(
    cursor: CursorWrapper,
    name: str,
    content: bytes,
    mapping: ClientFileMapping,
    answers: Answers,
    progress: Progress,
) -> ClientImport:
    file = MappedFile(open_table(name, content), mapping, answers)
    run = ClientImport(name, reading=file.reading)
    fields = {column.name: place for column, place in COLUMNS.items()}
    fields |= {EXTERNAL_ID: "external_id", CREDIT: "credit"}
    # A name and an id may come from other columns than their own, and a currency from none.
    present = [field for field in fields if field in {*file.places, EXTERNAL_ID, "Company Name", "Currency"}]
    custom = {name: field for name, field in file.fields.items() if name in file.places}
    numbers: dict[int, int] = {}
    with cursor.copy(
        f"COPY incoming_client (line, {', '.join(fields[field] for field in present)}, custom) FROM STDIN"
    ) as copy:
        for line, values in file.rows(run, progress):
            number = values.get("Client ID")
            if number is not None and (first := numbers.setdefault(number, line)) != line:
                run.bad.add(BadRow(line, f"Client ID {number} is on line {first} already."))
                continue
            copy.write_row([line, *(values.get(field) for field in present), stored_fields(values, custom)])
    run.not_given = compare(cursor, run, mapping.source)
    run.lookalikes = [Lookalike(*row) for row in duplicates_of_rows()]
    cursor.execute(_CREDIT_TOTALS)
    run.credit = dict(cursor.fetchall())
    cursor.execute(_ABOVE_LIMIT)
    (run.above_limit,) = cursor.fetchone()
    cursor.execute(_VALUES, [mapping.source, mapping.opening_credit])
    (run.values,) = cursor.fetchone()
    return run


def _require_agreement(
    run: ClientImport, *, accept_changes: bool, with_lookalikes: bool | None, above_limit: bool
) -> None:
    if run.reading.changes and not accept_changes:
        values = pluralize(len(run.reading.changes), "value")
        raise NotAgreed(
            f"{values} would be taken otherwise than in the file. Nothing was imported. Look at them and agree.", run
        )
    if run.above_limit and not above_limit:
        balances = pluralize(run.above_limit, "opening balance")
        are = "is" if run.above_limit == 1 else "are"
        raise NotAgreed(f"{balances} {are} above the limit of credit given by hand. Nothing was imported.", run)
    if run.lookalikes and with_lookalikes is None:
        rows = pluralize(len({each.line for each in run.lookalikes}), "client")
        raise NotAgreed(
            f"{rows} of the file may be there already. Nothing was imported. Choose whether to import or to leave out.",
            run,
        )


def _give_credit(
    cursor: CursorWrapper, run: ClientImport, content: bytes, mapping: ClientFileMapping, by: Actor, progress: Progress
) -> None:
    """Each client's credit as a grant and an entry of its own."""
    cursor.execute(_OPENING_BALANCES)
    balances = [
        OpeningBalance(line, number, amount, currency, json.dumps([mapping.source, external_id or f"#{number}"]))
        for line, number, amount, currency, external_id in cursor.fetchall()
    ]
    run.credit = {}
    if balances:
        run.credit = book_opening_balances(
            balances=balances,
            file=run.file,
            digest=hashlib.sha256(content).hexdigest(),
            category=mapping.opening_credit,
            description=f"Opening balance from {mapping.source}",
            by=by,
            progress=progress,
        )


def _sum_up(run: ClientImport) -> None:
    if run.left_out:
        was = "was" if run.left_out == 1 else "were"
        run.notices.append(f"{pluralize(run.left_out, 'client')} that may be there already {was} left out.")
    if run.credit:
        run.notices.append(f"Opening balances of {totals_text(run.credit)} were given.")
    if run.credit_not_given:
        run.notices.append(f"Credit of clients that are there already was not given: {run.credit_not_given}.")
    if owed := run.reading.owed:
        run.notices.append(f"Not booked, because it is below zero: {'; '.join(owed)}.")
    if run.reading.not_taken:
        run.notices.append(f"Columns that were not taken: {', '.join(run.reading.not_taken)}.")
