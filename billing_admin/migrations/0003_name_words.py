"""Names are compared as sets of words."""

from django.db import migrations

# Between words is all that is neither letter nor digit: by code, because the classes of characters depend on the locale
# of the database, and in the plainest one only ASCII has letters.
NAME_WORDS = r"""
    CREATE FUNCTION name_words(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (
        SELECT string_agg(DISTINCT word, ' ' ORDER BY word)
        FROM regexp_split_to_table(
            search_fold(value) COLLATE "C",
            '[\u0001-/:-@\[-`{-\u00bf\u2000-\u206f\u3000-\u303f\u30fb\uff01-\uff0f\uff1a-\uff20]+') word
        WHERE word <> '')
"""


class Migration(migrations.Migration):

    dependencies = [
        ('billing_admin', '0002_written_rows'),
    ]

    operations = [
        migrations.RunSQL(NAME_WORDS, "DROP FUNCTION name_words(text)"),
    ]
