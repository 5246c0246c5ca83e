"""`manage.py etf_messages`: the Dutch catalogue, without GNU gettext.

extract   collect the English texts into the catalogue, keeping what is translated
compile   make the binary catalogue that Django reads
check     fail when a text has no Dutch, or a placeholder got lost
"""

import ast
import io
import re
from pathlib import Path

from babel.messages import extract, mofile, pofile
from babel.messages.catalog import Catalog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

FOLDERS = ("casework", "partners", "etf", "templates")
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "_now": None, "ngettext": (1, 2),
    "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
_PLACEHOLDER = re.compile(r"%\((\w+)\)s|%\((\w+)\)d")


def catalogue_path() -> Path:
    return settings.BASE_DIR / "locale" / "nl" / "LC_MESSAGES" / "django.po"


def found_in_code() -> Catalog:
    """Every text that code and templates want translated."""
    catalog = Catalog()
    for folder in FOLDERS:
        for path in sorted((settings.BASE_DIR / folder).rglob("*")):
            if path.suffix == ".py" and "migrations" not in path.parts:
                source = path.read_text()
                ast.parse(source)
            elif path.suffix == ".html":
                # Reads as Python only without the indentation of HTML.
                source = "\n".join(map(str.strip, templatize(path.read_text(), origin=path.name).splitlines()))
            else:
                continue
            for _line, message, _comments, context in extract.extract("python", io.BytesIO(source.encode()), KEYWORDS):
                catalog.add(message, context=context)
    return catalog


def load() -> Catalog:
    """The Dutch catalogue as it is kept; an empty one when there is none yet."""
    path = catalogue_path()
    if not path.exists():
        return Catalog(locale="nl")
    with path.open("rb") as file:
        return pofile.read_po(file, locale="nl")


def save(catalog: Catalog) -> None:
    path = catalogue_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        pofile.write_po(
            file, catalog, omit_header=True, no_location=True, sort_output=True, ignore_obsolete=True, width=120
        )


def compile_catalogue() -> Path:
    target = catalogue_path().with_suffix(".mo")
    with target.open("wb") as file:
        mofile.write_mo(file, load())
    return target


def problems() -> list[str]:
    """Texts without Dutch, and translations that lost or invented a placeholder."""
    known, wanted = load(), found_in_code()
    found = []
    for message in wanted:
        if not message.id:
            continue
        key = message.id[0] if isinstance(message.id, tuple) else message.id
        mine = known.get(key, message.context)
        texts = (mine.string if isinstance(mine.string, tuple) else (mine.string,)) if mine else ()
        if not texts or not all(texts):
            found.append(f"no Dutch for: {key}")
            continue
        wanted_places = {a or b for a, b in _PLACEHOLDER.findall("".join(message.id))}
        for text in texts:
            places = {a or b for a, b in _PLACEHOLDER.findall(text)}
            if not places <= wanted_places:
                found.append(f"other placeholders in the Dutch for: {key}")
    return found


class Command(BaseCommand):
    help = "The Dutch catalogue: extract, compile or check."

    def add_arguments(self, parser):
        parser.add_argument("what", choices=["extract", "compile", "check"])

    def handle(self, *, what, **options):
        if what == "extract":
            catalog = load()
            catalog.update(found_in_code(), no_fuzzy_matching=True)
            save(catalog)
        elif what == "compile":
            compile_catalogue()
        elif found := problems():
            raise CommandError("\n".join(found))
