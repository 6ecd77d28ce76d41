"""Contacts, notes and the log of clients that another system's import brings, or brought before."""

import datetime
from typing import Any

from django.db.backends.utils import CursorWrapper

from billing_admin.models import SystemImport

from .as_ours import EMAIL
from .judge_people import DIGESTS, EMAIL_FITS

_COMING = """
    FROM billing_admin_staged{kind} staged
    JOIN importing_client importing ON importing.source_id = staged.client_source_id
    WHERE staged.of_id = %(run)s AND staged.outcome = '' AND NOT EXISTS (
        SELECT FROM clients_externalreference reference
        WHERE reference.source = %(source)s AND reference.kind = '{kind}' AND reference.part = 0
          AND reference.external_id = staged.source_id COLLATE "default")
"""
# One that somebody typed here meanwhile is the same.
_ADD_CONTACTS = f"""
    INSERT INTO clients_contact (client_id, first_name, last_name, email, phone, roles)
    SELECT importing.client_id, left(staged.first_name, 100), left(staged.last_name, 100), staged.email,
           left(staged.phone, 40),
           array_remove(ARRAY[CASE WHEN staged.receives_invoices THEN 'receives_invoices' END,
                              CASE WHEN staged.is_technical THEN 'technical' END], NULL)
    {_COMING.format(kind="contact")} AND {EMAIL_FITS}
    ORDER BY staged.id ON CONFLICT (client_id, upper(email)) DO NOTHING
"""
# What a contact of ours has no room for, and whom nobody can write to, is noted.
_NOTE_CONTACTS = f"""
    INSERT INTO clients_clientnote (client_id, text, pinned, author_name, created_at)
    SELECT importing.client_id, said.text, false, %(actor)s, %(at)s
    FROM (
        SELECT staged.*, importing.client_id, {EMAIL_FITS} AS fits {_COMING.format(kind="contact")}
    ) importing
    CROSS JOIN LATERAL (
        SELECT concat_ws(E'\\n', 'Contact: ' || btrim(first_name || ' ' || last_name),
            CASE WHEN NOT fits AND email <> '' THEN 'E-mail address: ' || email END,
            CASE WHEN fits THEN 'E-mail address: ' || email END,
            CASE WHEN phone <> '' AND (NOT fits OR length(phone) > 40) THEN 'Phone: ' || phone END,
            CASE WHEN NOT fits AND receives_invoices THEN 'Receives invoices' END, nullif(more, '')) AS text
    ) said
    WHERE NOT fits OR more <> '' OR length(phone) > 40 OR length(first_name) > 100 OR length(last_name) > 100
    ORDER BY importing.id
"""
_REFER_TO_CONTACTS = f"""
    INSERT INTO clients_externalreference (
        client_id, source, kind, external_id, row_id, digest, system_import_id, part)
    SELECT coming.client_id, %(source)s, 'contact', coming.source_id, contact.id, coming.digest, %(run)s, 0
    FROM (
        SELECT staged.id, staged.source_id, staged.email, importing.client_id, {DIGESTS["contact"]} AS digest
        {_COMING.format(kind="contact")}
    ) coming
    LEFT JOIN clients_contact contact
      ON contact.client_id = coming.client_id AND upper(contact.email) = upper(coming.email)
    ORDER BY coming.id
"""
_ADD_NOTES = f"""
    WITH coming AS MATERIALIZED (
        SELECT nextval(pg_get_serial_sequence('clients_clientnote', 'id')) AS note_id, ordered.*
        FROM (
            SELECT staged.*, importing.client_id, {DIGESTS["note"]} AS digest {_COMING.format(kind="note")}
            ORDER BY staged.at NULLS FIRST, staged.id
        ) ordered
    ), added AS (
        INSERT INTO clients_clientnote (id, client_id, text, pinned, author_name, created_at)
        SELECT note_id, client_id, text, pinned, left(coalesce(nullif(author, ''), %(actor)s), 150),
               coalesce(at, %(at)s)
        FROM coming ORDER BY note_id
    )
    INSERT INTO clients_externalreference (
        client_id, source, kind, external_id, row_id, digest, system_import_id, part)
    SELECT client_id, %(source)s, 'note', source_id, note_id, digest, %(run)s, 0 FROM coming ORDER BY note_id
"""
_ADD_EVENTS = """
    INSERT INTO clients_importedevent (client_id, source, external_id, is_mail, at, text, who)
    SELECT importing.client_id, %(source)s, staged.source_id, staged.is_mail, staged.at, staged.text, staged.who
    FROM billing_admin_stagedevent staged
    JOIN importing_client importing ON importing.source_id = staged.client_source_id
    WHERE staged.of_id = %(run)s AND staged.outcome = ''
    ORDER BY staged.at NULLS FIRST, staged.id
    ON CONFLICT (source, external_id) DO NOTHING
"""


def bring_people(cursor: CursorWrapper, run: SystemImport, at: datetime.datetime) -> None:
    """Add what comes of the clients in `importing_client`: contacts, notes and the log."""
    parameters: dict[str, Any] = {
        "run": run.pk,
        "source": run.source,
        "email": EMAIL,
        "actor": run.actor_name,
        "at": at,
    }
    for sql in (_ADD_CONTACTS, _NOTE_CONTACTS, _REFER_TO_CONTACTS, _ADD_NOTES, _ADD_EVENTS):
        cursor.execute(sql, parameters)
