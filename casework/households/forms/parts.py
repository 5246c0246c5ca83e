"""How the forms of a household are built up."""

from crispy_forms.layout import Column, Fieldset, Row

from casework.core import names


def with_prefix(person: dict) -> dict:
    """The prefix apart, also when it was typed in front of the surname (R-50)."""
    prefix, surname = names.clean(person["prefix"]), names.clean(person["surname"])
    if not prefix:
        prefix, surname = names.split_prefix(surname)
    return person | {"prefix": prefix, "surname": surname}


def group(heading, *fields) -> Fieldset:
    return Fieldset(heading, *fields, css_class="etf-group")


def section(heading, *fields) -> Fieldset:
    """A group that the script of its page can fold on a phone once it is filled in (S06)."""
    return Fieldset(heading, *fields, css_class="etf-group", template="households/_section.html")


def row_of(*fields: tuple[str, int]) -> Row:
    """Fields beside each other, each so many twelfths of the width; below each other on a phone."""
    return Row(*(Column(name, css_class=f"col-sm-{width}") for name, width in fields))
