"""What becomes of the contacts, notes and log of another system's clients: it hangs on what becomes of the client."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.utils import CursorWrapper

from billing_admin.models import Staged, StagedContact, StagedEvent, StagedNote, SystemImport

from .as_ours import EMAIL

DIGESTS = {
    "contact": """hashtextextended(concat_ws(E'\\x1f', staged.first_name, staged.last_name, staged.email, staged.phone,
        staged.receives_invoices::text, staged.is_technical::text, staged.more), 0)""",
    "note": "hashtextextended(concat_ws(E'\\x1f', staged.text, staged.pinned::text, staged.author), 0)",
}
EMAIL_FITS = "(staged.email ~ %(email)s AND length(staged.email) <= 254)"

type Rules = Sequence[tuple[str, str, str]]
"""Condition, outcome and why, as SQL: the first that holds counts."""

_WITH_CLIENT: Rules = (
    ("owner.id IS NULL", "'left out'", "'Its client is not there.'"),
    ("owner.outcome = 'left out'", "'left out'", "'Its client is left out.'"),
    ("owner.outcome IN ('asks', 'waits')", "owner.outcome", "'Its client waits.'"),
)


def _came(digest: str) -> Rules:
    return (
        (
            "reference.id IS NOT NULL AND reference.client_id IS NULL",
            "'left out'",
            "'It belonged to a client that was deleted here.'",
        ),
        (f"reference.digest <> {digest}", "'changed'", "'It was changed there and stays as it is here.'"),
        ("reference.id IS NOT NULL", "'there'", "''"),
    )


_CONTACTS: Rules = (
    *_WITH_CLIENT,
    *_came(DIGESTS["contact"]),
    ("is_client", "'left out'", "'Who may sign in with the address of the client is the client.'"),
    ("NOT email_fits", "''", "'It has no e-mail address and comes as a note.'"),
    ("place > 1 OR is_here", "'left out'", "'The client has a contact with the same e-mail address.'"),
)
_NOTES: Rules = (
    *_WITH_CLIENT,
    *_came(DIGESTS["note"]),
    ("btrim(staged.text) = ''", "'left out'", "'It says nothing.'"),
)
_EVENTS: Rules = (*_WITH_CLIENT, ("event.id IS NOT NULL", "'there'", "''"))

_CLIENT = """
    LEFT JOIN billing_admin_stagedclient owner
      ON owner.of_id = staged.of_id AND owner.source_id = staged.client_source_id
"""
_REFERENCE = """
    LEFT JOIN clients_externalreference reference
      ON reference.source = %(source)s AND reference.kind = '{kind}' AND reference.part = 0
     AND reference.external_id = staged.source_id COLLATE "default"
"""
# Of those who would come with an address of e-mail, the first of a client with it does. Two clients there may be one
# here, where they were merged.
_SAME = f"""
    CROSS JOIN LATERAL (
        SELECT {EMAIL_FITS} AS email_fits,
               starts_with(staged.source_id, 'u') AND upper(staged.email) = upper(owner.email) AS is_client
    ) read
    LEFT JOIN (
        SELECT staged.id, row_number() OVER (
                   PARTITION BY coalesce(here.client_id::text, 'there ' || owner.source_id), upper(staged.email)
                   ORDER BY staged.id) AS place,
               EXISTS (SELECT FROM clients_contact contact WHERE contact.client_id = here.client_id
                       AND upper(contact.email) = upper(staged.email)) AS is_here
        FROM billing_admin_stagedcontact staged
        JOIN billing_admin_stagedclient owner
          ON owner.of_id = staged.of_id AND owner.source_id = staged.client_source_id
        LEFT JOIN clients_externalreference here
          ON here.source = %(source)s AND here.kind = 'client' AND here.part = 0
         AND here.external_id = owner.source_id COLLATE "default"
        {_REFERENCE.format(kind="contact")}
        WHERE staged.of_id = %(run)s AND reference.id IS NULL AND {EMAIL_FITS}
          AND NOT (starts_with(staged.source_id, 'u') AND upper(staged.email) = upper(owner.email))
    ) same ON same.id = staged.id
"""
_EVENT = """
    LEFT JOIN clients_importedevent event
      ON event.source = %(source)s AND event.external_id = staged.source_id COLLATE "default"
"""


def judge_people(cursor: CursorWrapper, run: SystemImport) -> None:
    """Say it of each row whose client is not done."""
    parameters: dict[str, Any] = {"run": run.pk, "source": run.source, "email": EMAIL}
    for model, rules, joins in (
        (StagedContact, _CONTACTS, _CLIENT + _REFERENCE.format(kind="contact") + _SAME),
        (StagedNote, _NOTES, _CLIENT + _REFERENCE.format(kind="note")),
        (StagedEvent, _EVENTS, _CLIENT + _EVENT),
    ):
        cursor.execute(_update(model, rules, joins), parameters)


def _update(model: type[Staged], rules: Rules, joins: str) -> str:
    """An UPDATE that touches only what becomes something else than before."""
    outcome, why = (
        f"CASE {' '.join(f'WHEN {rule[0]} THEN {rule[place]}' for rule in rules)} ELSE '' END" for place in (1, 2)
    )
    table = model._meta.db_table
    return f"""
        UPDATE {table} row SET outcome = judged.outcome, why = judged.why
        FROM (
            SELECT staged.id, {outcome} AS outcome, {why} AS why FROM {table} staged {joins}
            WHERE staged.of_id = %(run)s AND owner.is_done IS NOT TRUE
        ) judged
        WHERE row.id = judged.id AND (row.outcome, row.why) IS DISTINCT FROM (judged.outcome, judged.why)
    """
