"""What a PostgreSQL that is distributed by client, as Citus, would refuse of our tables: `docs/scale.md` lists it.

    python -m tests.distribution

prints the table of exceptions as the database has them. The rules are Citus' own (its documentation on creating
distributed tables; foreign_constraint.c and trigger.c of citusdata/citus; pull request 5705 there):

- a unique key of a distributed table, the primary one among them, has the column that rows are distributed by
- a foreign key of a distributed table leads to a reference table, which each node has whole, or has that column at the
  same place on both sides; no other table refers to a distributed one
- on distributed and reference tables a trigger of a statement is refused, and one of a row works only with
  `citus.enable_unsafe_triggers`
- the column that rows are distributed by is never NULL

What no distributed table refers to stays on one node, as a table of plain PostgreSQL.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection

from clients.selectors.client_data import CLIENT_TABLES

CLIENTS = "clients_client"


def distribution() -> dict[str, str]:
    """The tables that would be distributed, each by the column that names its client."""
    return {CLIENTS: "id"} | {table.db_table: table.columns[0] for table in CLIENT_TABLES}


@dataclass
class Exceptions:
    """What of a table would be refused. Keys are told by their columns, triggers by their names."""

    table: str
    by: str
    nullable: bool = False
    unique: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    triggers: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        """How it stands in docs/scale.md."""
        by = f"{self.by}, may be empty" if self.nullable else self.by or "–"
        cells = (f"`{self.table}`", by, *("; ".join(cell) for cell in (self.unique, self.foreign, self.triggers)))
        return f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |")


_UNIQUE = """
    SELECT indrelid::regclass::text, indisprimary,
           ARRAY(SELECT pg_get_indexdef(indexrelid, place::integer, true) FROM generate_series(1, indnkeyatts) place),
           ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = indrelid AND attnum = ANY (indkey))
    FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
    WHERE indisunique AND relnamespace = 'public'::regnamespace ORDER BY 1, 2 DESC, 3
"""
_FOREIGN = """
    SELECT conrelid::regclass::text, confrelid::regclass::text, confdeltype IN ('n', 'd'),
           ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY key (number, place)
                 JOIN pg_attribute ON attrelid = conrelid AND attnum = number ORDER BY place),
           ARRAY(SELECT attname::text FROM unnest(confkey) WITH ORDINALITY key (number, place)
                 JOIN pg_attribute ON attrelid = confrelid AND attnum = number ORDER BY place)
    FROM pg_constraint WHERE contype = 'f' ORDER BY 1, 4, 2
"""
_TRIGGERS = r"""
    SELECT tgrelid::regclass::text, regexp_replace(tgname, '^pgtrigger_(.*)_[0-9a-f]{5}$', '\1')
    FROM pg_trigger WHERE NOT tgisinternal AND tgtype & 1 = 0 ORDER BY 1, 2
"""
_NULLABLE = """
    SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = %s::regclass AND attname = %s AND NOT attnotnull)
"""


def reference_tables() -> set[str]:
    """Those that distributed tables refer to, and those that these refer to: each node would have them whole."""
    references = [(table, to) for table, to, *_ in _rows(_FOREIGN) if to not in distribution()]
    found = {to for table, to in references if table in distribution()}
    while more := {to for table, to in references if table in found} - found:
        found |= more
    return found


def exceptions() -> list[Exceptions]:
    """Each table that would be distributed, and of the others those of which something would be refused."""
    by = distribution()
    found = {table: Exceptions(table, by.get(table, "")) for table in sorted(_tables())}
    for table, column in by.items():
        ((found[table].nullable,),) = _rows(_NULLABLE, table, column)
    for table, primary, shown, columns in _rows(_UNIQUE):
        if table in by and by[table] not in columns:
            found[table].unique.append(", ".join(shown) if primary else f"**{', '.join(shown)}**")
    for table, to, empties, columns, referred in _rows(_FOREIGN):
        if not _may_refer(by.get(table), by.get(to), columns, referred, empties=empties):
            found[table].foreign.append(f"{columns[0]} → {to}")
    everywhere = reference_tables()
    for table, name in _rows(_TRIGGERS):
        if table in by or table in everywhere:
            found[table].triggers.append(name)
    return [one for one in found.values() if one.by or one.foreign or one.triggers]


def _may_refer(
    column: str | None, other: str | None, columns: list[str], referred: list[str], *, empties: bool
) -> bool:
    if other is None:  # no distributed table: a node has it whole
        return not (empties and column in columns)
    return column is not None and (column, other) in zip(columns, referred, strict=True)


def _tables() -> set[str]:
    return {table for table, *_ in _rows(_UNIQUE)}


def _rows(sql: str, *parameters: str) -> Iterator[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
        yield from cursor.fetchall()


def main() -> None:
    """Print the table as docs/scale.md has it."""
    for one in exceptions():
        print(one.line)


if __name__ == "__main__":
    import django

    django.setup()
    main()
