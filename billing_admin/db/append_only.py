"""Tables whose rows are only added: what each row said is written down beside them when it comes.

The triggers of such a table refuse whoever changes or deletes a row. Who may switch them off, or names a merge or a
deletion to them, gets past; `check_ledger` then finds rows that are gone, changed or slipped in, by comparing the table
with `billing_admin.models.WrittenRows`. Those are only added too, one for each statement: nobody waits for anybody.
"""

from dataclasses import dataclass

import pgtrigger

# Of the digest of what never changes; what may be emptied follows it.
_BYTES = 8

# An undone merge may have moved rows back that were written for the client that was kept.
_MOVED = """
    SELECT present.id, writer.number, owner.number
    FROM ({written}) written
    JOIN {table} present ON present.id = written.id AND present.client_id <> written.client_id
    JOIN clients_client writer ON writer.id = written.client_id
    JOIN clients_client owner ON owner.id = present.client_id
    WHERE NOT EXISTS (SELECT FROM clients_clientmerge
                      WHERE discarded_number = owner.number AND undone_at IS NOT NULL)
"""
_CHANGED = """
    SELECT id, coalesce(encode(written.digest, 'hex'), 'nothing'), coalesce(encode(present.digest, 'hex'), 'gone')
    FROM (SELECT written.* FROM ({written}) written LEFT JOIN (
              SELECT unnest(row_ids) AS id FROM billing_admin_deletedrows WHERE table_name = '{table}'
          ) deleted USING (id) WHERE deleted.id IS NULL) written
    FULL JOIN (SELECT id, {digest} AS digest FROM {table}) present USING (id)
    WHERE (present.digest IN (written.digest, substr(written.digest, 1, {bytes}))) IS NOT TRUE
"""


@dataclass(frozen=True)
class AppendOnly:
    """One such table, its rows' `client_id` among its columns.

    `fixed` are SQL expressions of what never changes, the same text whatever a session's settings are; `emptied` is the
    one of a text that a deletion or the undo of a merge may empty, and nothing may change.
    """

    table: str
    fixed: tuple[str, ...]
    emptied: str

    @property
    def digest(self) -> str:
        """SQL expression of the digest of a row."""
        said = f"sha256(convert_to(ROW({', '.join(self.fixed)})::text, 'UTF8'))"
        typed = f"CASE {self.emptied} WHEN '' THEN '' ELSE substr(sha256(convert_to({self.emptied}, 'UTF8')), 1, 4) END"
        return f"substr({said}, 1, {_BYTES}) || {typed}"

    @property
    def write_down(self) -> pgtrigger.Trigger:
        """Writes down the rows that a statement added."""
        return pgtrigger.Trigger(
            name="write_down",
            level=pgtrigger.Statement,
            operation=pgtrigger.Insert,
            when=pgtrigger.After,
            referencing=pgtrigger.Referencing(new="new_rows"),
            func=f"""
                INSERT INTO billing_admin_writtenrows (table_name, row_ids, client_ids, digests)
                SELECT '{self.table}', array_agg(id), array_agg(client_id), array_agg({self.digest})
                FROM new_rows HAVING count(*) > 0;
                RETURN NULL;
            """,
        )

    @property
    def changed_sql(self) -> str:
        """Rows that are not what was written down, and no deletion accounts for: (id, digest then, digest now)."""
        return _CHANGED.format(written=self._written, table=self.table, digest=self.digest, bytes=_BYTES)

    @property
    def moved_sql(self) -> str:
        """Rows that left a client who is still there, which no merge does: (id, number then, number now)."""
        return _MOVED.format(written=self._written, table=self.table)

    @property
    def _written(self) -> str:
        return f"""
            SELECT each.* FROM billing_admin_writtenrows, unnest(row_ids, client_ids, digests)
                AS each (id, client_id, digest)
            WHERE table_name = '{self.table}'
        """
