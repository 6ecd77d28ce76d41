"""The SQL of single columns, which differ between the versions and installations of a system."""

from .mysql import Mysql

# What comes as it stands: bytes that are UTF-8, or ought to be. All else the server turns into it.
_AS_THEY_ARE = ("", "utf8", "utf8mb3", "utf8mb4", "ascii", "binary")


class Schema:
    """The columns that there are. What an older version lacks is what it would be by default."""

    def __init__(self, source: Mysql) -> None:
        self.tables = source.columns

    def has(self, table: str, column: str = "") -> bool:
        """Whether there is such a table, with such a column."""
        return table in self.tables and (not column or column in self.tables[table])

    def text(self, alias: str, table: str, column: str, *, trimmed: bool = False) -> str:
        """A text as bytes of UTF-8, '' where there is none."""
        if not self.has(table, column):
            return "''"
        name = f"{alias}.`{column}`"
        if self.tables[table][column][0] not in _AS_THEY_ARE:
            name = f"CONVERT({name} USING utf8mb4)"
        read = f"COALESCE(CAST({name} AS BINARY), '')"
        return f"TRIM({read})" if trimmed else read

    def number(self, alias: str, table: str, column: str, default: str = "0") -> str:
        """A number, or the default."""
        return f"COALESCE({alias}.`{column}`, {default})" if self.has(table, column) else default

    def of(self, alias: str, table: str, column: str) -> str:
        """The id of another row, '' for 0, which is none."""
        return f"COALESCE(NULLIF({alias}.`{column}`, 0), '')" if self.has(table, column) else "''"

    def yes(self, alias: str, table: str, column: str) -> str:
        """1 or 0, of a number or of `on`."""
        if not self.has(table, column):
            return "0"
        name = f"{alias}.`{column}`"
        return f"IF(COALESCE({name}, '') IN ('', '0', 'off'), 0, 1)"

    def day(self, alias: str, table: str, column: str) -> str:
        """A day or moment as it stands, zeros too."""
        return f"{alias}.`{column}`" if self.has(table, column) else "NULL"

    def known_day(self, alias: str, table: str, column: str) -> str:
        """A day or moment that need not be: NULL for zeros, which is how it says that there is none."""
        if not self.has(table, column):
            return "NULL"
        return f"IF({alias}.`{column}` < '0001-01-01', NULL, {alias}.`{column}`)"
