"""What a database adds up itself, by one or two groups, as JSON keeps it: all text, in order."""

from collections.abc import Sequence

from .mysql import Mysql


class Grouped:
    """Queries that group. The first column is the group (or the first two are), the others are figures."""

    def __init__(self, source: Mysql) -> None:
        self._source = source

    def rows(self, sql: str) -> list[tuple[str, ...]]:
        """All rows as text, in order."""
        rows = self._source.rows(sql)
        return sorted(tuple((value or b"").decode("utf-8", "replace") for value in row) for row in rows)

    def one(self, sql: str) -> dict[str, str]:
        """Group → its one figure."""
        return {row[0]: row[1] for row in self.rows(sql)}

    def named(self, sql: str, names: Sequence[str]) -> dict[str, dict[str, str]]:
        """Group → figures by name."""
        return {row[0]: dict(zip(names, row[1:], strict=True)) for row in self.rows(sql)}

    def two_named(self, sql: str, names: Sequence[str]) -> dict[str, dict[str, dict[str, str]]]:
        """Group → second group → figures by name."""
        found: dict[str, dict[str, dict[str, str]]] = {}
        for group, of, *values in self.rows(sql):
            found.setdefault(group, {})[of] = dict(zip(names, values, strict=True))
        return found
