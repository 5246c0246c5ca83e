"""What templates need to show values the house's way. Loaded as builtins: no `load` line needed."""

import datetime as dt

from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from casework.core import clock, dates, values
from casework.core.thresholds import Threshold
from casework.messaging import texts

register = Library()


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """`di 3 nov`, with the year when it is not this year (look.md 6.4). A moment shows its local date."""
    if not value:
        return ""
    date = clock.local_date(value) if isinstance(value, dt.datetime) else value
    return dates.short_date(date, today=clock.today())


@register.simple_tag
def threshold(name: str) -> str:
    """`15 minuten`: what is in force now of a number that the city chooses (S25)."""
    return Threshold(name).words(clock.now())


@register.simple_tag
def other_language(household) -> str:
    """That messages go out in Dutch, where no text is approved in the language of a household (R-40). No query."""
    whole = texts.lacking(clock.today()).get(household.language)
    if whole is None:
        return ""
    said = {"language": household.get_language_display()}
    if whole:
        return _("%(language)s not yet available: the message goes out in Dutch") % said
    return _("%(language)s not yet available for every message: the others go out in Dutch") % said


@register.filter
def full_day(value: dt.date | dt.datetime | None) -> str:
    """`dinsdag 3 november`."""
    if not value:
        return ""
    return dates.full_date(clock.local_date(value) if isinstance(value, dt.datetime) else value)


@register.filter
def days_from_now(value: dt.date) -> str:
    """`over 6 dagen`, `vandaag`, `morgen`; a day that has passed is too late (look.md 6.10)."""
    days = (value - clock.today()).days
    if days < 0:
        return _("too late")
    if days < 2:
        return _("tomorrow") if days else _("today")
    return _("in %(number)d days") % {"number": days}


@register.filter
def birth_date(value: dt.date | None) -> str:
    """`17-05-1984`; of a date that is partly known `05-1984` or `1984`."""
    return dates.BirthDate.of(value, getattr(value, "known", dates.DAY)).written if value else ""


@register.filter
def years_old(value: dt.date | None) -> int | str:
    """A whole number of years; about so many when the date is partly known."""
    if not value:
        return ""
    years = dates.age(value, clock.today())
    return years if getattr(value, "known", dates.DAY) == dates.DAY else _("about %(years)d") % {"years": years}


@register.filter
def time(value: dt.datetime | dt.time | None) -> str:
    """`14.00` in Dutch, `14:00` in English, local time."""
    if not value:
        return ""
    return dates.clock_time(clock.local(value) if isinstance(value, dt.datetime) else value)


@register.filter
def phone(value: str) -> str:
    return values.show_phone(value)


@register.filter
def postcode(value: str) -> str:
    return values.show_postcode(value)


@register.filter
def money(value) -> str:
    return values.show_money(value) if value is not None else ""


@register.filter
def or_dash(value) -> str | SafeString:
    """An empty cell: a dash to see, a word to hear (look.md 6.4)."""
    if value or value == 0:
        return value
    return format_html('<span aria-hidden="true">–</span><span class="visually-hidden">{}</span>', _("none"))


# Badges of look.md 6.5: the state in words, with a sign of its own, never colour alone.
_BADGES = {
    "planned": "○", "arrived": "◐", "unrecorded": "?", "appeared": "✓", "missed": "✕", "cancelled": "–", "moved": "→",
    "urgent": "!", "late": "!",
}  # fmt: skip


@register.simple_tag
def badge(kind: str, text: str) -> SafeString:
    return format_html(
        '<span class="etf-badge etf-badge-{}"><span aria-hidden="true">{}</span> {}</span>',
        kind,
        _BADGES.get(kind, "•"),
        text,
    )


@register.simple_tag
def appointment_state(appointment, now: dt.datetime) -> SafeString:
    """The badge of an appointment at `now`. No query."""
    state = appointment.state(now)
    return badge(state.value, state.label)


@register.simple_tag(takes_context=True)
def person(context, household) -> str | SafeString:
    """Whom a row is about. In desk mode first name and initial; the full name while the row has focus (S03)."""
    name = str(household)
    if not context["request"].user.initials_mode:
        return name
    short = household.initial_name or name
    return format_html('<span class="etf-short-name">{}</span><span class="etf-full-name">{}</span>', short, name)


@register.simple_tag(takes_context=True)
def query(context, **changes) -> str:
    """The address of this page with some parts changed: filters, sort and page live there (R-100)."""
    params = context["request"].GET.copy()
    for key, value in changes.items():
        if value in (None, ""):
            params.pop(key, None)
        else:
            params[key] = value
    return "?" + params.urlencode()


@register.simple_tag(takes_context=True)
def sort_heading(context, name: str, label: str, first: str = "") -> SafeString:
    """The heading of a column that sorts the list, and says so; `first` is a minus where the newest comes first."""
    state = {name: "ascending", f"-{name}": "descending"}.get(context["sort"])
    other = "" if first else "-"
    address = query(context, sort=(other if context["sort"] == first + name else first) + name, before="", after="")
    return format_html(
        '<th scope="col"{}><a href="{}">{}</a></th>',
        format_html(' aria-sort="{}"', state) if state else "",
        address,
        label,
    )
