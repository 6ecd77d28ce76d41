"""Giving credit in bulk."""

from typing import Any

from django import forms

from billing_admin.text import pluralize
from billing_admin.web.agree_field import AgreeField
from billing_admin.web.uploads import MEGABYTE, UploadField

# A file of 100,000 rows is about 6 MB.
LARGEST = 20 * MEGABYTE


class UploadForm(forms.Form):
    """The file; what it would do is shown before anything is booked."""

    file = UploadField(
        label="CSV file", endings=("csv", "txt"), largest=LARGEST, help_text="UTF-8, separated by commas, up to 20 MB."
    )


class BookBatchForm(forms.Form):
    """What one agrees to beyond the preview itself: to leave bad rows out, to give the same file again."""

    skip_bad = forms.BooleanField()
    again = forms.BooleanField()
    above_limit = AgreeField()

    def __init__(self, *args: Any, bad: int, before: bool, above: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if bad:
            rows = "the bad row" if bad == 1 else f"the {bad:,} bad rows"
            self.fields["skip_bad"].label = f"Leave out {rows}"
            self.fields["skip_bad"].error_messages["required"] = (
                f"{pluralize(bad, 'row')} {'is' if bad == 1 else 'are'} bad. Nothing was booked. Tick “Leave out "
                f"{rows}”, or mend the file and upload it again."
            )
        else:
            del self.fields["skip_bad"]
        if above:
            field = self.fields["above_limit"]
            assert isinstance(field, AgreeField)
            field.ask(above, f"Yes, give {above}")
        else:
            del self.fields["above_limit"]
        self.above = above
        if before:
            self.fields["again"].label = "Give the credit of this file a second time"
            self.fields["again"].error_messages["required"] = (
                "This very file was booked before. Nothing was booked. To give its credit a second time, tick this."
            )
        else:
            del self.fields["again"]

    def clean_above_limit(self) -> str:
        agreed: str = self.cleaned_data["above_limit"]
        if agreed != self.above:
            raise forms.ValidationError(f"There are {self.above}. Nothing was booked. Tick that they are to be given.")
        return agreed
