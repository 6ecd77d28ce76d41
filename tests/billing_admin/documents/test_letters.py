"""Any text gives a document; what no font has is told."""

import pytest

from billing_admin.documents import families
from billing_admin.documents.fonts import _drawn_by, _files, not_drawn
from billing_admin.documents.letters import fit_for_xml, fit_to_draw

from .papers import invoice_sheet, texts_of

SCRIPTS = {
    "Arabic": "شركة المثال للتجارة",
    "Hebrew": "חברה לדוגמה",
    "Greek and Cyrillic": "Ελλάδα, Россия, Україна",
    "Thai": "บริษัทตัวอย่าง",
    "Hindi": "उदाहरण कंपनी",
    "Amharic": "ምሳሌ",
    "Georgian and Armenian": "მაგალითი Օրինակ",
    "Japanese": "株式会社サンプル",
    "Korean": "주식회사 예시",
    "Chinese": "示例有限公司",
    "Vietnamese": "Công ty Ví Dụ",
    "emoji": "😀 👩‍💻 ☂️",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_names_of_many_scripts_are_drawn(press, script):
    drawn = press.draw(invoice_sheet(buyer={"name": SCRIPTS[script], "address": ""}))
    assert drawn.left_out == ""
    assert "�" not in texts_of(drawn.content)[0]


def test_a_letter_that_no_font_has_gives_a_stand_in_and_is_told_once(press):
    drawn = press.draw(invoice_sheet(buyer={"name": "A 𓀀 B 𓀀", "address": "𓀁"}))
    assert drawn.left_out == "𓀀𓀁"
    assert "A � B �" in texts_of(drawn.content)[0]


def test_every_letter_that_we_say_a_font_has_is_drawn(press):
    """Typst refuses a letter without a glyph: our reading of the fonts must be no wider than its own."""
    letters = sorted(set().union(*map(_drawn_by, _files())))
    assert len(letters) > 50_000
    some = [chr(code) for code in letters[::23] if chr(code).isprintable()]
    rows = ["".join(some[n : n + 60]) for n in range(0, len(some), 60)]
    assert press.draw(invoice_sheet(notes=rows)).content


def test_all_families_are_named(press):
    """A file whose family is not in the list would be read for its letters, and never drawn with."""
    names = {path.name.split("[")[0].split("-")[0].removeprefix("NotoSans") for path in _files()}
    for name in names - {"", "CJK", "NotoEmoji"}:
        assert f"Noto Sans {name}" in families()
    assert {"Noto Sans", "Noto Sans CJK SC", "Noto Emoji"} < set(families())


@pytest.mark.parametrize(("country", "family"), [("JP", "JP"), ("TW", "TC"), ("DE", "SC"), ("", "SC")])
def test_chinese_signs_are_drawn_as_the_country_draws_them(country, family):
    assert f"Noto Sans CJK {family}" in families(country)


def test_letters_of_latin_names_cost_no_reading_of_other_fonts():
    _drawn_by.cache_clear()
    assert not_drawn(set(map(ord, "Łódź & Çelik – Ångström 1,234.50 €"))) == set()
    assert _drawn_by.cache_info().currsize == 1


@pytest.mark.parametrize(
    ("typed", "fit"),
    [
        ("a\x00b\x07c\x7f\x85d", "abc\nd"),
        ("a\r\nb\u2028c\td", "a\nb\nc d"),
        ("a\ud800b\ufffec\ufdd0", "abc"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\u2066x\u2069", "x"),
        ("soft\u00adhyphen 👩\u200d💻", "soft\u00adhyphen 👩\u200d💻"),
        ("Line\n\nLine", "Line\n\nLine"),
    ],
)
def test_what_xml_refuses_and_what_turns_a_text_is_left_out(typed, fit):
    assert fit_for_xml({"a": [typed, 1, None]}) == {"a": [fit, 1, None]}


def test_the_order_of_letters_cannot_be_turned(press):
    drawn = press.draw(invoice_sheet(buyer={"name": "exe\u202efdp", "address": "\x1b[31m"}))
    (page,) = texts_of(drawn.content)
    assert "exefdp" in page
    assert drawn.left_out == ""


@pytest.mark.parametrize("joined", ["e\u0301" * 40, "👩\u200d💻" * 20, "ก็" * 40])
def test_a_long_word_never_parts_between_a_letter_and_its_sign(joined):
    (fit,), _ = fit_to_draw([joined])
    assert fit.replace("\u200b", "") == joined
    assert "\u200b\u0301" not in fit
    assert "\u200b\u200d" not in fit
    assert "\u200d\u200b" not in fit
    assert "\u200b\u0e47" not in fit


def test_words_that_fit_are_left_alone():
    assert fit_to_draw(["Rechtsschutzversicherungen"]) == (["Rechtsschutzversicherungen"], "")
