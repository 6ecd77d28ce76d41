"""Finding clients by what a person types."""

import pytest
from django.db import connection

from clients.models import Client, ClientNote, ClientNumberAlias, Contact
from tests.factories import make_client

pytestmark = pytest.mark.django_db


def found(text: str) -> list[str]:
    return sorted(client.name for client in Client.objects.matching(text))


@pytest.fixture
def people() -> None:
    make_client("Acme Ltd", first_name="Ann", last_name="Muñoz", email="ann@acme.example")
    make_client("Globex Corporation", first_name="Bo", last_name="Ångström", email="bo.angstrom@globex.example")
    make_client("", first_name="Çelik", last_name="Öztürk", email="celik@mail.example")
    make_client("100% Organic_Food \\ Co", email="shop@organic.example")
    make_client('O\'Brien & "Sons"', email="office@obrien.example")


def test_nothing_typed_finds_everybody(people):
    assert len(found("")) == len(found(" \t ")) == 5


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("acme", ["Acme Ltd"]),
        ("ACME", ["Acme Ltd"]),
        ("cme", ["Acme Ltd"]),
        ("globex corp", ["Globex Corporation"]),
        ("corp globex", ["Globex Corporation"]),
        ("  corp   globex ", ["Globex Corporation"]),
        ("acme globex", []),
        ("ann muñoz", ["Acme Ltd"]),
        ("öztürk", ["Çelik Öztürk"]),
        ("nobody", []),
    ],
)
def test_every_word_occurs_in_name_company_or_email(people, typed, names):
    assert found(typed) == names


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("ann@acme.example", ["Acme Ltd"]),
        ("angstrom@globex", ["Globex Corporation"]),
        ("@globex.ex", ["Globex Corporation"]),
        ("Ann@ACME.example", ["Acme Ltd"]),
        ("example", ["100% Organic_Food \\ Co", "Acme Ltd", "Globex Corporation", 'O\'Brien & "Sons"', "Çelik Öztürk"]),
    ],
)
def test_a_part_of_an_email_address_finds_its_client(people, typed, names):
    assert found(typed) == names


@pytest.mark.parametrize("typed", ["munoz", "MUNOZ", "Muñoz", "muñ", "mun\u0303oz"])
def test_accents_do_not_matter(people, typed):
    assert found(typed) == ["Acme Ltd"]


def test_accents_do_not_matter_at_the_beginning_either(people):
    assert found("angstrom") == ["Globex Corporation"]
    assert found("celik ozturk") == ["Çelik Öztürk"]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("100%", ["100% Organic_Food \\ Co"]),
        ("100% o", ["100% Organic_Food \\ Co"]),
        ("organic_food", ["100% Organic_Food \\ Co"]),
        ("organicxfood", []),
        ("a%e", []),
        ("a_me", []),
        ("___", []),
        ("%%%", []),
        ("food \\ co", ["100% Organic_Food \\ Co"]),
        ("\\\\\\", []),
        ("o'brien", ['O\'Brien & "Sons"']),
        ('"sons"', ['O\'Brien & "Sons"']),
        ("'; DROP TABLE clients_client; --", []),
        ("%s", []),
        ("{0}", []),
        ("acme\0", ["Acme Ltd"]),
        ("\0", ["100% Organic_Food \\ Co", "Acme Ltd", "Globex Corporation", 'O\'Brien & "Sons"', "Çelik Öztürk"]),
    ],
)
def test_signs_mean_themselves(people, typed, names):
    assert found(typed) == names


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("ac", ["Acme Ltd"]),
        ("A", ["Acme Ltd"]),
        ("cm", []),
        ("gl", ["Globex Corporation"]),
        ("öz", ["Çelik Öztürk"]),
        ("oz", ["Çelik Öztürk"]),
        ("O'", ['O\'Brien & "Sons"']),
        ("%", []),
        ("_", []),
        ("#", []),
    ],
)
def test_one_or_two_letters_find_the_beginning_of_the_name_in_the_list(people, typed, names):
    assert found(typed) == names


def test_a_short_word_beside_a_long_one_must_occur_too(people):
    assert found("bo globex") == ["Globex Corporation"]
    assert found("al globex") == []


# ── Numbers ──


def test_a_number_finds_the_client_that_has_it_and_no_name():
    acme = make_client("Acme Ltd")
    make_client(f"Studio {acme.number}")
    for typed in (f"{acme.number}", f"#{acme.number}", f" #{acme.number} ", f"000{acme.number}"):
        assert found(typed) == ["Acme Ltd"]


def test_the_number_of_a_client_merged_away_finds_the_kept_one():
    acme = make_client("Acme Ltd")
    ClientNumberAlias.objects.create(number=4711, client=acme)
    assert found("4711") == found("#4711") == ["Acme Ltd"]


@pytest.mark.parametrize(
    "typed",
    [
        "0",
        "#0",
        "99999",
        str(2**63 - 1),
        str(2**63),
        "9" * 19,
        "9" * 20,
        "9" * 5000,
        "#" + "9" * 5000,
        "١٢",
        "²",
        "#1x",
    ],
)
def test_a_number_that_nobody_has_finds_nobody(people, typed):
    assert found(typed) == []


def test_several_numbers_are_words():
    make_client("24 7 Studio 365")
    assert found("24 365") == ["24 7 Studio 365"]


# ── What it costs ──


def plan(text: str) -> str:
    """How PostgreSQL would look for `text` if it had many clients to look through."""
    with connection.cursor() as cursor:
        for shortcut in ("seqscan", "indexscan", "indexonlyscan"):  # what pays for a handful of rows
            cursor.execute(f"SET LOCAL enable_{shortcut} = off")
    return Client.objects.matching(text).order_by("sort_name", "id").explain()


@pytest.mark.parametrize("typed", ["acme", "munoz", "ann muñoz", "n@acme.example", "100%", "bo globex"])
def test_words_are_looked_up_in_the_trigram_index(people, typed):
    assert "client_search" in plan(typed)
    assert "Seq Scan" not in plan(typed)


@pytest.mark.parametrize("typed", ["a", "ö"])
def test_a_single_letter_is_looked_up_in_the_index_of_the_sorted_list(people, typed):
    assert "client_by_name" in plan(typed)
    assert "Index Cond" in plan(typed)


def test_numbers_are_looked_up_in_their_indexes(people):
    told = plan("12")
    assert told.count("Index Cond: (number = 12)") == 2  # the client's own, and those of clients merged away
    assert "Seq Scan" not in told


def test_a_search_is_one_query_and_one_among_contacts_and_notes(people, django_assert_num_queries):
    for typed, queries in {"acme ltd": 2, "ac": 1, "12": 1}.items():
        with django_assert_num_queries(queries):
            list(Client.objects.matching(typed))


# ── Contacts and notes ──


def test_a_client_is_found_by_its_contacts_and_its_notes(people):
    acme, globex = make_client("Xylo Ltd", email="post@xylo.example"), make_client("Yonder Ltd")
    Contact.objects.create(client=acme, first_name="Zoë", last_name="Quandt", email="zoe@post.example")
    ClientNote.objects.create(client=globex, text="Prefers calls\nin the Früh, asks for Quandt", author_name="ann")
    assert found("quandt") == ["Xylo Ltd", "Yonder Ltd"]
    assert found("ZOE quandt") == found("zoe@post.example") == found("zoe@post") == ["Xylo Ltd"]
    assert found("prefers fruh") == ["Yonder Ltd"]
    assert found("xylo quandt") == []  # the words of one name, contact or note


def test_an_address_finds_whoever_has_it_and_no_longer_one(people):
    acme, globex = make_client("Xylo Ltd", email="zoe@post.example"), make_client("Yonder Ltd")
    Contact.objects.create(client=globex, email="ZOE@post.example")
    Contact.objects.create(client=make_client("Zeta Ltd"), email="mezoe@post.example")
    assert found("zoe@post.example") == ["Xylo Ltd", "Yonder Ltd"]
    assert found("mezoe@post.example") == ["Zeta Ltd"]
    assert acme.email == "zoe@post.example"


@pytest.mark.parametrize("typed", ["quandt", "zoe@post.example"])
def test_contacts_and_notes_are_looked_up_in_their_indexes(people, typed):
    plans: list[str] = []

    def explain(execute, sql, params, many, context):
        with connection.connection.cursor() as cursor:
            plans.extend(line for (line,) in cursor.execute(f"EXPLAIN {sql}", params))
        return execute(sql, params, many, context)

    with connection.cursor() as cursor:
        for shortcut in ("seqscan", "indexscan", "indexonlyscan"):
            cursor.execute(f"SET LOCAL enable_{shortcut} = off")
    with connection.execute_wrapper(explain):
        found(typed)
    told = "\n".join(plans)
    assert "contact_search" in told
    assert "note_search" in told  # also of an address, where nobody has it
    assert "Seq Scan" not in told
