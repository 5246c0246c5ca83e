"""Letters as PDF: what a screen reader gets, what the window shows, and what cannot be set (decision 0063)."""

import datetime as dt
import io

import pypdf
import pytest

from casework.core.typeset import CannotBeTypeset, Letter, pdf_of

ON = dt.date(2026, 11, 2)
ADDRESS = ("Fatou Ağca-ŁĂ", "Voorbeeldstraat 1", "3072 AB  ROTTERDAM")
TEXT = "Beste heer of mevrouw,\n\nWanneer: donderdag 12 november.\nWaar: Vraagwijzer.\n\nTot dan!"


def letter(**fields) -> Letter:
    wanted = {"language": "nl", "address": ADDRESS, "subject": "Uw afspraak met de gemeente Rotterdam", "text": TEXT}
    return Letter(**wanted | fields)


def read(*letters: Letter, language: str = "nl") -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf_of(list(letters), title="Uw afspraak", language=language, on=ON)))


def test_it_says_that_it_is_accessible_in_which_language_and_what_it_is():
    found = read(letter())
    root, about = found.trailer["/Root"], found.xmp_metadata.stream.get_data().decode()
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("nl", True)
    assert found.metadata.title == "Uw afspraak"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "<pdfuaid:part>1</pdfuaid:part>" in about
    assert '<rdf:li xml:lang="x-default">Uw afspraak</rdf:li>' in about
    assert "/StructTreeRoot" in root


def test_it_is_read_in_the_order_of_the_paper():
    assert read(letter()).pages[0].extract_text().split("\n") == [
        "Gemeente Rotterdam", "Gemeente Rotterdam, Coolsingel 40, 3011 AD Rotterdam", *ADDRESS, "2 november 2026",
        "Uw afspraak met de gemeente Rotterdam", "Beste heer of mevrouw,", "Wanneer: donderdag 12 november.",
        "Waar: Vraagwijzer.", "Tot dan!",
    ]  # fmt: skip


def _tags(node) -> list[tuple[str, str]]:
    """Each element of structure, with the language that it has of its own."""
    node = node.get_object()
    if isinstance(node, list):
        return [tag for one in node for tag in _tags(one)]
    if not isinstance(node, dict):
        return []
    own = [(node["/S"], node.get("/Lang", ""))] if "/S" in node else []
    return own + (_tags(node["/K"]) if "/K" in node else [])


def test_the_subject_is_a_heading_and_an_english_letter_says_that_it_is_english():
    tags = _tags(read(letter(), letter(language="en")).trailer["/Root"]["/StructTreeRoot"])
    assert [tag for tag, _lang in tags].count("/H1") == 2
    assert "/P" in dict(tags)
    assert any(lang.startswith("en") for _tag, lang in tags)


def test_the_address_stands_in_the_window_and_nothing_else_does():
    """DL and C5 with a window at the left: 20 to 110 mm from the left, 45 to 75 mm from the top."""
    mm, shown = 72 / 25.4, []

    def visit(text, page, line, _font, _size):
        left, top = (page[0] * line[4] + page[4]) / mm, 297 - (page[3] * line[5] + page[5]) / mm
        if text.strip() and 40 < top < 80:
            shown.append((text.strip(), left, top))

    read(letter(), letter()).pages[0].extract_text(visitor_text=visit)
    assert [text for text, _left, _top in shown] == ["Gemeente Rotterdam, Coolsingel 40, 3011 AD Rotterdam", *ADDRESS]
    assert all(20 < left < 30 and 45 < top < 75 for _text, left, top in shown)


def test_each_letter_has_a_sheet_of_its_own_also_when_it_is_printed_on_both_sides():
    long = letter(text="\n\n".join(["Een zin die op papier veel plaats inneemt. " * 12] * 10))
    pages = [one.extract_text() for one in read(letter(), long, letter(language="en")).pages]
    first = [number for number, text in enumerate(pages) if text.startswith("Gemeente Rotterdam")]
    assert first == [0, 2, 4]
    assert pages[1] == ""
    assert pages[3].endswith("Pagina 2")
    assert "2 November 2026" in pages[4]
    assert "Pagina" not in pages[4]


def test_the_same_letters_are_the_same_bytes():
    given = {"title": "x", "language": "nl"}
    assert pdf_of([letter()], on=ON, **given) == pdf_of([letter()], on=ON, **given)
    assert pdf_of([letter()], on=ON, **given) != pdf_of([letter()], on=ON + dt.timedelta(days=1), **given)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("Ağca Işık Łukasz ŢĂ", "Ağca Işık Łukasz ŢĂ"), ("e\u0301e\u0308n", "éën"), ("Jan 😀👍🏽!", "Jan !"), ("a\u202eb\u200b\x07c", "abc"),
     ("#set text(red) $x$ \\ *b* `c` @a <b> // d", "#set text(red) $x$ \\ *b* `c` @a <b> // d"), ("€ 1.234,56 – 3°", "€ 1.234,56 – 3°")],
)  # fmt: skip
def test_what_people_type_is_what_stands_there(typed, shown):
    """Nothing of it is a command, and pictures are no reason not to write to somebody."""
    page = read(letter(address=(typed, *ADDRESS[1:]), text=typed, subject=typed)).pages[0].extract_text()
    assert page.count(shown) == 3


@pytest.mark.parametrize(
    "fields",
    [{"text": "مرحبا"}, {"address": ("北京", *ADDRESS[1:])}, {"address": ("Naam " * 60, "Straat " * 30, "3072 AB  ROTTERDAM")}],
)  # fmt: skip
def test_what_cannot_be_set_is_said_and_never_left_out(fields):
    with pytest.raises(CannotBeTypeset) as said:
        pdf_of([letter(), letter(**fields)], title="x", language="nl", on=ON)
    assert str(said.value) == ""


def test_a_long_address_is_set_smaller():
    name = "Maria Elisabeth Antoinette Wilhelmina van der Sluijs-Papadopoulou en Vandenberghe de Oude"
    page = read(letter(address=(name, *ADDRESS[1:]))).pages[0].extract_text()
    assert name in " ".join(page.split())


def test_fonts_are_those_of_the_folder():
    fonts = read(letter()).pages[0]["/Resources"]["/Font"].values()
    assert {str(font["/BaseFont"]).partition("+")[2] for font in fonts} == {"SourceSans3-Regular", "SourceSans3-Bold"}
