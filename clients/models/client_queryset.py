"""Finding clients, and locking them: the project's one lock order."""

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Concat

from billing_admin.db.functions import SearchFold, SearchPairs
from billing_admin.db.limits import lock_rows
from billing_admin.db.locks import BILLING
from billing_admin.errors import BusinessError

if TYPE_CHECKING:
    from .client import Client


def only(column: str, unwanted: str) -> Func:
    """A column without the characters that people type differently."""
    return Func(F(column), Value(unwanted), Value(""), Value("g"), function="regexp_replace", output_field=TextField())


PHONE_DIGITS = only("phone", "[^0-9]")


def words_of_contact(of: str = "") -> Func:
    """What a contact is found by; `of` leads to the contacts (`contacts__`)."""
    parts = (F(f"{of}first_name"), Value(" "), F(f"{of}last_name"), Value(" "), F(f"{of}email"))
    return SearchFold(Concat(*parts, output_field=TextField()))


def words_of_note(of: str = "") -> Func:
    """What a note is found by; `of` leads to the notes (`notes__`)."""
    return SearchFold(F(f"{of}text"))


def words_of_merged(of: str = "") -> Func:
    """What a client that a merge took away was found by; `of` leads to the merges (`merges__`). NULL once undone."""
    parts: list[Any] = []
    for field in ("first_name", "last_name", "company_name", "email"):
        parts += [KeyTextTransform(field, F(f"{of}discarded_snapshot")), Value(" ")]
    return SearchFold(Concat(*parts, output_field=TextField()))


# Letters of which a word needs no three: Chinese, Japanese and Korean. As in the function search_pairs.
_CJK = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]")
_PHONE = re.compile(r"(?:\+|00)[\d\s()./-]+")
SHORTEST_PHONE = 6

# The ids under a number: every page of a client asks for it, and Django takes long to put a union together.
_NUMBERED = """
    SELECT id FROM clients_client WHERE number = %s
    UNION ALL SELECT client_id FROM clients_clientnumberalias WHERE number = %s
"""

# And those of whom another system has that number.
_NUMBERED_ELSEWHERE = """
    SELECT client_id FROM clients_externalreference
    WHERE kind = 'client' AND external_id = %s AND client_id IS NOT NULL
"""


class ClientGone(BusinessError):
    """The client was deleted or merged into another since the page was opened."""

    def __init__(self) -> None:
        super().__init__("This client was deleted or merged meanwhile; nothing was done. Look it up again.")


# Which run bills a client, as its row and the locks of that transaction say.
_BILLED_BY = """
    SELECT client.number, billing.objid::bigint
    FROM clients_client client
    JOIN pg_locks holder ON holder.locktype = 'transactionid' AND holder.transactionid = client.xmax
        AND holder.mode = 'ExclusiveLock' AND holder.granted
    JOIN pg_locks billing ON billing.pid = holder.pid AND billing.locktype = 'advisory' AND billing.objsubid = 2
        AND billing.classid = %s::oid AND billing.granted
    WHERE client.id = ANY(%s) ORDER BY client.id LIMIT 1
"""


def _who_has_locked(ids: Any) -> str:
    """Why clients could not be locked, for staff."""
    with connection.cursor() as cursor:
        cursor.execute(_BILLED_BY, [BILLING, list(ids)])
        found = cursor.fetchone()
    if found:
        return f"Client {found[0]} is being billed by run {found[1]}; nothing was done. Try again in a moment."
    client = "this client" if len(ids) == 1 else "one of these clients"
    return f"Somebody else is changing {client} at this moment; nothing was done. Try again in a moment."


# Every action on a client begins with it: Django takes longer to put it together than PostgreSQL to do it.
_LOCK_ONE = "SELECT * FROM clients_client WHERE id = %s FOR NO KEY UPDATE"

# So many clients at most are found by what stands beside them: contacts, notes, what a merge took away.
MOST_FOUND = 1_000

# So many clients at most are looked for before what they have is listed: a common name is met often enough that the
# first ones are found in a few milliseconds.
MOST_OWNERS = 300


class SearchTooBroad(BusinessError):
    """So many clients match that a list of what they have would say nothing, and take long."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"More than {MOST_OWNERS:,} clients match “{text}”. Type more of the name, an e-mail address or a number."
        )


class ClientQuerySet(models.QuerySet["Client"]):
    def lock(self, ids: Iterable[int]) -> list["Client"]:
        """Lock client rows before anything of theirs is read or written: the project's one lock order.

        Once per database transaction, with all the clients that it concerns; rows come back ordered by id. FOR NO KEY
        UPDATE leaves other sessions' foreign-key inserts alone.

        Raises Busy, only in a request.
        """
        return self._locked(set(ids))

    def _locked(self, ids: Any, *columns: str, whole: bool = False) -> list[Any]:
        found = self.filter(pk__in=ids).order_by("pk")
        rows: models.QuerySet[Any, Any] = found.values_list(*columns, flat=True) if columns else found
        return lock_rows(
            lambda **free: list(rows.select_for_update(of=("self",), no_key=not whole, **free)),
            lambda: _who_has_locked(ids),
            single=not isinstance(ids, models.QuerySet) and len(ids) == 1,
        )

    def lock_one(self, pk: int) -> "Client":
        """Lock one client.

        Raises ClientGone, and Busy in a request.
        """

        def lock(*, skip_locked: bool = False, nowait: bool = False) -> list[Any]:
            free = " SKIP LOCKED" if skip_locked else " NOWAIT" if nowait else ""
            return list(self.raw(f"{_LOCK_ONE}{free}", [pk]))

        for client in lock_rows(lock, lambda: _who_has_locked([pk]), single=True):
            return client
        raise ClientGone

    def lock_ids(self, ids: "Iterable[int | None] | models.QuerySet[Any, Any]") -> list[int]:
        """The same lock for many clients, without loading them. Returns the ids locked, in order.

        `ids` may be a query of one column: then they never leave the database.
        """
        return self._locked(ids if isinstance(ids, models.QuerySet) else set(ids), "pk")

    def lock_free_ids(self, limit: int) -> list[int]:
        """The same lock for the first `limit` of these clients that nobody else has locked: run workers do not wait."""
        free = self.order_by("pk").select_for_update(of=("self",), no_key=True, skip_locked=True)
        return list(free.values_list("pk", flat=True)[:limit])

    def lock_for_removal(self, pk: int) -> None:
        """Lock a client more strictly, after `lock`: nobody can add a row that refers to it while it is deleted."""
        self._locked([pk], "pk", whole=True)

    def numbered(self, number: int) -> "ClientQuerySet":
        """The client that has this number, or had it before a merge."""
        if not 0 < number < 2**63:
            return self.none()
        return self.filter(pk__in=RawSQL(_NUMBERED, [number, number]))  # noqa: S611

    def numbered_elsewhere(self, number: int) -> "ClientQuerySet":
        """Those whom another system that was imported gave this number."""
        return self.filter(pk__in=RawSQL(_NUMBERED_ELSEWHERE, [str(number)]))  # noqa: S611

    def numbered_anywhere(self, number: int) -> "ClientQuerySet":
        """The client that has or had this number, and those who have it in another system."""
        if not 0 < number < 2**63:
            return self.none()
        either = f"{_NUMBERED} UNION ALL {_NUMBERED_ELSEWHERE}"
        return self.filter(pk__in=RawSQL(either, [number, number, str(number)]))  # noqa: S611

    def with_number(self, number: int) -> "Client | None":
        """The same client, by plain SQL: most requests begin with it."""
        found = 0 < number < 2**63 and self.raw(f"SELECT * FROM clients_client WHERE id IN ({_NUMBERED})", [number] * 2)
        return next(iter(found or ()), None)

    def matching(self, text: str, *, beside: bool = True) -> "ClientQuerySet":
        """Clients that a person typing `text` looks for: a number, an e-mail, or words of a name, company or e-mail.

        An e-mail address that somebody has finds only those who have it. Every word must occur, in what the client is
        called or in one contact or note of it. A word of three letters or more is found anywhere, by trigram, and so is
        one of Chinese, Japanese or Korean letters; one of two letters at the start of a word. A single letter beside no
        longer word is looked for at the start of the name that the list is sorted by. What a merge took away leads to
        the client that was kept. `+49 30 …` and `0049 30 …` find a phone. Not by contacts and notes, unless `beside`:
        for somebody who may not see them.
        """
        words = text.replace("\0", "").split()  # PostgreSQL's text has no null character
        if not words:
            return self
        number = words[0].lstrip("#")
        if len(words) == 1 and number.isascii() and number.isdigit():
            return self.numbered_anywhere(int(number)) if len(number) <= 19 else self.none()
        if len(words) == 1 and "@" in number:
            exact = self.filter(Q(email__iexact=words[0]) | Q(pk__in=self._with_contact_at(words[0]) if beside else []))
            if exact.exists():
                return exact
        if digits := phone_digits(text):
            return self.with_phone(digits)
        if only_letters(words):
            return self.filter(sort_name__startswith=SearchFold(Value(" ".join(words))))
        if all(len(word) < 3 for word in words):
            return self.called(words)  # what stands beside the client has an index for longer words only
        # Ids, not a subquery: only then does an index serve both sides of the OR.
        ways = [self.once_called(words)[:MOST_FOUND]]
        if beside:
            ways.append(_having(self.model, words, "contacts", words_of_contact)[:MOST_FOUND])
            ways.append(_having(self.model, words, "notes", words_of_note)[:MOST_FOUND])
        others = [pk for (pk,) in (ways[0].union(*ways[1:]) if beside else ways[0])]
        return self.called(words, or_else=Q(pk__in=others) if others else None)

    def _with_contact_at(self, email: str) -> list[int]:
        """The ids of those who have a contact with this e-mail address."""
        theirs = _having(self.model, [email], "contacts", words_of_contact).alias(theirs=F("contacts__email"))
        return [pk for (pk,) in theirs.filter(theirs__iexact=email)[:MOST_FOUND]]

    def called(self, words: Iterable[str], or_else: Q | None = None) -> "ClientQuerySet":
        """Those whose names, company and e-mail address have all these words, of which one is more than a letter."""
        found = Q()
        for word in words:
            folded = SearchFold(Value(word))
            if _CJK.search(word):
                found &= Q(pairs__contains=SearchPairs(folded), search_text__contains=folded)
            elif len(word) < 3:
                # Trigrams of the beginning of a word count the blank before it.
                found &= Q(search_text__startswith=folded) | Q(search_text__contains=SearchFold(Value(f" {word}")))
            else:
                found &= Q(search_text__contains=folded)
        paired = self.alias(pairs=SearchPairs(F("search_text")))
        return paired.filter(found if or_else is None else found | or_else)

    def once_called(self, words: Iterable[str]) -> models.QuerySet[Any, Any]:
        """The ids of those that a merge kept, where what it took away was called by all these words."""
        return _having(self.model, words, "merges", words_of_merged)

    def with_phone(self, digits: str) -> "ClientQuerySet":
        """Those with this international number, without its leading zeros, however it was typed."""
        # Two lookups by an index of the digits: `+49 30` has 4930 and `0049 30` has 004930.
        typed = self.exclude(phone="").alias(digits=PHONE_DIGITS)
        return typed.filter(digits__in=[digits, f"00{digits}"])

    def ids_matching(self, text: str, *, beside: bool) -> list[int]:
        """Their ids, for a list of what they have: ids, not a subquery, so that an index leads to each one's rows.

        Raises SearchTooBroad.
        """
        found = list(self.matching(text, beside=beside).order_by("-pk").values_list("pk", flat=True)[: MOST_OWNERS + 1])
        if len(found) > MOST_OWNERS:
            raise SearchTooBroad(text)
        return found


def phone_digits(text: str) -> str:
    """The digits of an international number, without its leading zeros; "" where the text is none."""
    digits = re.sub(r"\D", "", text).removeprefix("00")
    return digits if _PHONE.fullmatch(text.strip()) and len(digits) >= SHORTEST_PHONE else ""


def only_letters(words: Iterable[str]) -> bool:
    """Whether no word is more than a single letter of an alphabet: then only the beginning of a name is looked at."""
    return all(len(word) < 2 and not _CJK.search(word) for word in words)


def _having(
    model: type[models.Model], words: Iterable[str], rows: str, text: Callable[[str], Func]
) -> models.QuerySet[Any, Any]:
    """The ids of clients with a row, a contact or a note, whose text has all the words."""
    found = model._default_manager.filter(**{f"{rows}__isnull": False}).alias(text=text(f"{rows}__"))  # an inner join
    for word in words:
        found = found.filter(text__contains=SearchFold(Value(word)))
    return found.values_list("pk")
