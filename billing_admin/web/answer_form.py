"""What staff answer about a file that can be read in several ways."""

from collections.abc import Sequence

from django import forms

from billing_admin.money.currencies import CURRENCIES

# What is asked, and what the answers are called before what each makes of the cell that shows it.
_QUESTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "date_order": ("In which order are its dates?", {"dmy": "Day first", "mdy": "Month first", "ymd": "Year first"}),
    "decimal_sign": ("What stands before the decimals?", {".": "A point", ",": "A comma"}),
    "currency": ("In which currency is it?", {}),
    "payment_method": ("How did this money come in?", {}),
}


class AnswerForm(forms.Form):
    """What a file leaves open, with what each answer means; see `csv_files.open_questions.NeedsAnswer`."""

    answer = forms.ChoiceField(widget=forms.RadioSelect, error_messages={"required": "Choose one."})

    def __init__(self, *args: object, question: str, choices: Sequence[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["answer"]
        assert isinstance(field, forms.ChoiceField)
        field.label, names = _QUESTIONS[question]
        if question == "currency":
            field.widget = forms.Select()
            field.choices = [("", "Choose one"), *((code, code) for code in CURRENCIES)]
        else:
            field.choices = [
                (value, f"{names[value]}: {meaning}" if value in names else meaning) for value, meaning in choices
            ]
