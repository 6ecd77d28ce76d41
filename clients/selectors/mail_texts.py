"""What mail says: as delivered, or as this installation says it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from billing_admin.documents import LANGUAGES, language_for
from billing_admin.mail.placeholders import fill, fill_subject
from billing_admin.mail.words import LEVELS, Words, delivered, example, places_of
from clients.models import MailTemplate
from clients.models.mail.kinds import MailKind, label_of


@dataclass(frozen=True)
class Text:
    """One text: of a kind, a level of it, in a language."""

    kind: str
    level: int
    language: str

    @property
    def label(self) -> str:
        """`Invoice issued`, `Reminder 2`."""
        label = label_of(self.kind, self.level)
        return f"{label} {self.level}" if self.kind == MailKind.REMINDER else label

    @property
    def language_name(self) -> str:
        return LANGUAGES[self.language]

    @property
    def query(self) -> dict[str, str]:
        """How an address names it."""
        named = {"kind": str(self.kind), "language": self.language}
        return {**named, "level": str(self.level)} if self.level else named

    @property
    def address(self) -> str:
        """The same, as it stands behind the question mark."""
        return urlencode(self.query)

    @property
    def places(self) -> dict[str, str]:
        """Its places, and what each says."""
        return places_of(self.kind, self.level)

    @property
    def delivered(self) -> Words:
        return delivered(self.kind, self.language, self.level)


def text_asked(kind: str, level: str, language: str) -> Text | None:
    """The text that an address names; nothing where there is none."""
    is_level = level.isascii() and level.isdigit() and len(level) < 3
    if kind not in MailKind.values or language not in LANGUAGES or not is_level:
        return None
    levels = LEVELS.get(kind, range(1))
    number = max(int(level), levels[0])
    return Text(kind, number, language) if number in levels else None


def texts() -> list[tuple[str, list[tuple[Text, bool]]]]:
    """A row for each kind and level: what it is called, and in each language whether it was changed."""
    changed = set(MailTemplate.objects.values_list("kind", "level", "language"))
    rows = []
    for kind in MailKind:
        for level in LEVELS.get(kind, range(1)):
            each = [Text(kind, level, language) for language in LANGUAGES]
            rows.append((each[0].label, [(text, (text.kind, text.level, text.language) in changed) for text in each]))
    return rows


def stored_text(text: Text) -> MailTemplate | None:
    """What this installation says instead of what is delivered, if it does."""
    return MailTemplate.objects.filter(kind=text.kind, level=text.level, language=text.language).first()


def words_of(kind: str, language: str, level: int = 0) -> Words:
    """What this kind says to a reader of this language."""
    text = Text(kind, level, language_for(language))
    stored = stored_text(text)
    return Words(stored.subject, stored.body) if stored else text.delivered


def as_seen(text: Text, words: Words, company: str) -> Words:
    """The words with an example in every place, as a client would read them.

    Raises BusinessError.
    """
    values = example(text.kind, text.language, company, text.level)
    return Words(fill_subject(words.subject, values), fill(words.body, values))
