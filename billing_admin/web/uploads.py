"""Files that are chosen in a form: of which kinds they are, and how large. Every field for a file is this one.

What is in a file is looked at by what reads it; here it is refused for its name and its size, before a byte is read.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

MEGABYTE = 1_000_000
_LONGEST_NAME = 255
_WORKBOOKS = ("xls", "xlsx", "ods", "numbers")


class UploadField(forms.FileField):
    """A file with one of these endings (lower case, without the dot), of so many bytes at most.

    `instead` says what to do with a larger one.
    """

    widget = forms.FileInput

    def __init__(self, *, endings: Iterable[str], largest: int, instead: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"required": "Choose a file.", "empty": "The file is empty."})
        super().__init__(**kwargs)
        self.take(endings, largest, instead)

    def take(self, endings: Iterable[str], largest: int, instead: str = "") -> None:
        """Take these from now on."""
        self.endings, self.largest, self.instead = tuple(endings), largest, instead
        self.widget.attrs["accept"] = ",".join(f".{ending}" for ending in self.endings)

    def clean(self, data: Any, initial: Any = None) -> UploadedFile | None:
        file: UploadedFile | None = super().clean(data, initial)
        if not file:
            return None
        name = str(file.name)
        start, dot, ending = name.rpartition(".")
        if ending.lower() in _WORKBOOKS and "csv" in self.endings and "xlsx" not in self.endings:
            raise ValidationError("The file is a workbook: save the sheet as CSV (UTF-8) and choose that.")
        if not (start and dot and ending.lower() in self.endings):
            raise ValidationError(f"“{name[:60]}” is not a file of those that are taken: {', '.join(self.endings)}.")
        if len(name) > _LONGEST_NAME:
            raise ValidationError(f"The file’s name has {len(name):,} characters; {_LONGEST_NAME} are the most.")
        if (size := file.size or 0) > self.largest:
            said = f"The file has {size:,} bytes; {self.largest:,} are the most."
            raise ValidationError(" ".join(filter(None, (said, self.instead))))
        return file
