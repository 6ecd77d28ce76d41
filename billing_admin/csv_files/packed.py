"""Rows of a large file that are gone through several times, kept in a tenth of the memory that they take as objects."""

import pickle
import zlib
from collections.abc import Iterable, Iterator

# So many are packed together, and unpacked at a time.
_TOGETHER = 1_000


class Packed[T]:
    """A list that is only added to and gone through in its order. What comes out are copies."""

    def __init__(self, rows: Iterable[T] = ()) -> None:
        self._slices: list[bytes] = []
        self._last: list[T] = []
        for row in rows:
            self.append(row)

    def append(self, row: T) -> None:
        """Add one at the end."""
        self._last.append(row)
        if len(self._last) == _TOGETHER:
            self._slices.append(zlib.compress(pickle.dumps(self._last, pickle.HIGHEST_PROTOCOL), 1))
            self._last = []

    def __len__(self) -> int:
        return len(self._slices) * _TOGETHER + len(self._last)

    def __iter__(self) -> Iterator[T]:
        for packed in self._slices:
            yield from pickle.loads(zlib.decompress(packed))  # noqa: S301 - packed here, from this process's objects
        yield from self._last

    def __getitem__(self, place: int) -> T:
        number, within = divmod(range(len(self))[place], _TOGETHER)
        if number == len(self._slices):
            return self._last[within]
        return pickle.loads(zlib.decompress(self._slices[number]))[within]  # noqa: S301
