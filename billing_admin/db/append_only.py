"""Tables whose rows are only added: what each row said is written down beside them when it comes.

The triggers of such a table refuse whoever changes or deletes a row. Who may switch them off, or names a merge or a
deletion to them, gets past; `check_ledger` then finds rows that are gone, changed or slipped in, by comparing the table
with `billing_admin.models.WrittenRows`. Those are only added too, one for each statement: nobody waits for anybody.
"""

from dataclasses import dataclass

import pgtrigger

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
    SELECT id, coalesce(nullif(concat_ws('+', to_hex(written.digest), to_hex(written.typed)), ''), 'nothing'),
           coalesce(nullif(concat_ws('+', to_hex(present.digest), to_hex(present.typed)), ''), 'gone')
    FROM (SELECT written.* FROM ({written}) written LEFT JOIN ({deleted}) deleted USING (id)
          WHERE deleted.id IS NULL) written
    FULL JOIN (SELECT id, {digest} AS digest, {typed} AS typed FROM {present}) present USING (id)
    WHERE (present.digest = written.digest AND (present.typed = written.typed OR present.typed IS NULL)) IS NOT TRUE
"""


@dataclass(frozen=True)
class AppendOnly:
    """One such table, its rows' `client_id` among its columns.

    `fixed` are SQL expressions of what never changes; `emptied` is the one of a text that a deletion or the undo of a
    merge may empty, and nothing may change. Where rows outlive a deletion (`stays`), those that DeletedRows lists are
    not looked at here. `queue`: a table that gets the id of each of the WrittenRows, for a job that goes on with them.
    """

    table: str
    fixed: tuple[str, ...]
    emptied: str
    stays: bool = False
    queue: str = ""

    @property
    def digest(self) -> str:
        """SQL expression of the digest of what never changes in a row."""
        return f"hash_record_extended(ROW({', '.join(self.fixed)}), 0)"

    @property
    def typed(self) -> str:
        """SQL expression of the digest of the text that may be emptied; NULL where it is empty."""
        return f"hashtextextended(nullif({self.emptied}, ''), 0)"

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
                {self._written_down};
                RETURN NULL;
            """,
        )

    @property
    def _written_down(self) -> str:
        write = f"""INSERT INTO billing_admin_writtenrows (table_name, row_ids, client_ids, digests, typed)
                SELECT '{self.table}', array_agg(id), array_agg(client_id), array_agg({self.digest}),
                       array_agg({self.typed})
                FROM new_rows HAVING count(*) > 0"""
        if not self.queue:
            return write
        return f"WITH written AS ({write} RETURNING id) INSERT INTO {self.queue} (written_id) SELECT id FROM written"

    @property
    def changed_sql(self) -> str:
        """Rows that are not what was written down, and no deletion accounts for: (id, digest then, digest now)."""
        deleted = f"SELECT unnest(row_ids) AS id FROM billing_admin_deletedrows WHERE table_name = '{self.table}'"
        present = self.table
        if self.stays:
            present = f"{self.table} LEFT JOIN ({deleted}) deleted USING (id) WHERE deleted.id IS NULL"
        return _CHANGED.format(
            written=self._written, deleted=deleted, present=present, digest=self.digest, typed=self.typed
        )

    @property
    def moved_sql(self) -> str:
        """Rows that left a client who is still there, which no merge does: (id, number then, number now)."""
        return _MOVED.format(written=self._written, table=self.table)

    @property
    def _written(self) -> str:
        return f"""
            SELECT each.* FROM billing_admin_writtenrows, unnest(row_ids, client_ids, digests, typed)
                AS each (id, client_id, digest, typed)
            WHERE table_name = '{self.table}'
        """
