"""The part of a scenario that stays: calendar, locations, types, organisations and the people who work here."""

import datetime as dt

from casework.appointments.models import AppointmentType
from casework.core import clock
from casework.core.models import Role, User
from casework.counsellors.models import LANGUAGES, Absence, AbsenceKind, Counsellor, Posting, Team, WorkingHours
from casework.exchange.actions.scenario.loader import Loader
from casework.places.models import CalendarDay, Location, OpeningHours
from partners.organisations.models import Membership, Organisation

CAPACITY = 50


def load_calendar_day(loader: Loader, raw: dict, path: str) -> None:
    wanted = {
        "working_day": raw.get("working_day", False),
        "closed": raw.get("closed", False),
        "name": raw.get("name") or "dag",
    }
    _row, made, changed = loader.store(CalendarDay, {"date": dt.date.fromisoformat(raw["date"])}, wanted)
    loader.report.add("calendar", made=made, changed=changed)


def load_location(loader: Loader, raw: dict, path: str) -> None:
    wanted = {"name": raw["name"], "address": raw.get("address", ""), "kind": raw.get("kind", "desk")}
    place, made, changed = loader.store(Location, {"code": raw["code"]}, wanted)
    if "hours" in raw:
        hours = [
            OpeningHours(location=place, weekday=day, opens=_time(one["from"]), closes=_time(one["to"]))
            for one in raw["hours"]
            for day in one["days"]
        ]
        changed |= loader.replace(place.hours, hours, lambda one: (one.weekday, one.opens, one.closes))
    loader.report.add("locations", made=made, changed=changed)


def load_type(loader: Loader, raw: dict, path: str) -> None:
    wanted = {
        "name": raw["name"], "minutes": raw["minutes"], "channel": raw.get("channel", "place"),
        "first_talk": raw.get("first_talk", False),
    }  # fmt: skip
    _row, made, changed = loader.store(AppointmentType, {"code": raw["code"]}, wanted)
    loader.report.add("types", made=made, changed=changed)


def load_organisation(loader: Loader, raw: dict, path: str) -> None:
    _row, made, changed = loader.store(Organisation, {"code": raw["code"]}, {"name": raw["name"]})
    loader.report.add("organisations", made=made, changed=changed)


def load_staff(loader: Loader, raw: dict, path: str) -> None:
    """A user, and by role: a counsellor with hours and absences, a partner's membership, or a posting."""
    place = loader.find(Location, f"{path}.location", "location", code=raw["location"]) if raw.get("location") else None
    organisation = _organisation(loader, raw, path)
    if raw["role"] == Role.COUNSELLOR and not raw.get("location"):
        loader.wrong(f"{path}.location", "a counsellor has a location")
    if unknown := sorted(set(raw.get("languages", [])) - set(dict(LANGUAGES))):
        loader.wrong(f"{path}.languages", f"unknown language {unknown[0]!r}")
    loader.stop_if_unsound()
    team = Team.objects.get_or_create(name=raw["team"])[0] if raw.get("team") else None
    user, made, changed = _user(raw)
    if raw["role"] == Role.COUNSELLOR:
        changed |= _counsellor(loader, raw, path, user, {"location": place, "team": team})
    elif organisation:
        changed |= loader.store(Membership, {"user": user}, {"organisation": organisation})[2]
    elif place or team:
        changed |= loader.store(Posting, {"user": user}, {"location": place, "team": team})[2]
    loader.report.add("staff", made=made, changed=changed)


def _organisation(loader: Loader, raw: dict, path: str) -> Organisation | None:
    if raw["role"] != Role.PARTNER:
        return None
    if not raw.get("organisation"):
        loader.wrong(f"{path}.organisation", "a partner user names its organisation")
        return None
    return loader.find(Organisation, f"{path}.organisation", "organisation", code=raw["organisation"])


def _user(raw: dict) -> tuple[User, bool, bool]:
    """The user; whether it is new, and whether it differed. Without a password nobody can log in as a new one."""
    name = raw.get("name") or raw["username"]
    wanted = {"role": raw["role"], "full_name": name, "first_name": name.split(" ")[0]}
    user = User.objects.filter(username=raw["username"]).first() or User(username=raw["username"])
    is_new = user.pk is None
    differs = is_new or any(getattr(user, key) != value for key, value in wanted.items())
    for key, value in wanted.items():
        setattr(user, key, value)
    if raw.get("password") and (is_new or not user.check_password(raw["password"])):
        user.set_password(raw["password"])
        differs = True
    elif is_new:
        user.set_unusable_password()
    if differs:
        user.save()
    return user, is_new, differs


def _counsellor(loader: Loader, raw: dict, path: str, user: User, wanted: dict) -> bool:
    """Whether anything about this counsellor differed."""
    wanted |= {"languages": raw.get("languages", ["nl"]), "capacity": raw.get("capacity", CAPACITY)}
    row = Counsellor.objects.filter(user=user).first() or Counsellor(user=user)
    changed = row.pk is None or any(getattr(row, key) != value for key, value in wanted.items())
    for key, value in wanted.items():
        setattr(row, key, value)
    # Also sorts by the name, which the user may have changed.
    row.save()
    if "hours" in raw:
        hours = [
            hour
            for number, one in enumerate(raw["hours"])
            for hour in _hours(loader, one, f"{path}.hours[{number}]", row)
        ]
        loader.stop_if_unsound()
        changed |= loader.replace(row.working_hours, hours, _facts_of_hours)
    if "absences" in raw:
        absences = [
            Absence(counsellor=row, period=_period(loader, one, f"{path}.absences[{number}]"),
                    kind=one.get("kind", AbsenceKind.LEAVE))
            for number, one in enumerate(raw["absences"])
        ]  # fmt: skip
        loader.stop_if_unsound()
        changed |= loader.replace(row.absences, absences, lambda one: (_ends(one.period), one.kind))
    return changed


def _facts_of_hours(one: WorkingHours) -> tuple:
    return one.weekday, one.starts, one.ends, one.location_id, one.valid_from, one.valid_to


def _hours(loader: Loader, raw: dict, path: str, row: Counsellor) -> list[WorkingHours]:
    place = row.location
    if raw.get("location"):
        place = loader.find(Location, f"{path}.location", "location", code=raw["location"])
    return [
        WorkingHours(counsellor=row, location=place, weekday=day, starts=_time(raw["from"]), ends=_time(raw["to"]),
                     valid_from=_date(raw.get("valid_from")), valid_to=_date(raw.get("valid_to")))
        for day in raw["days"]
    ]  # fmt: skip


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _time(text: str) -> dt.time:
    return dt.time.fromisoformat(text)


def _ends(period) -> tuple:
    """Both ends of a range, whether it came from the file or from the database."""
    first, last = period if isinstance(period, tuple) else (period.lower, period.upper)
    return first.astimezone(dt.UTC), last.astimezone(dt.UTC)


def _period(loader: Loader, raw: dict, path: str) -> tuple[dt.datetime, dt.datetime]:
    """Dates are whole days, the last one included; moments are parts of days."""
    first, last = (_date_or_moment(raw[name]) for name in ("from", "to"))
    start = first if isinstance(first, dt.datetime) else clock.day_bounds(first)[0]
    end = last if isinstance(last, dt.datetime) else clock.day_bounds(last)[1]
    if end <= start:
        loader.wrong(f"{path}.to", "the end lies before the start")
    return start, end


def _date_or_moment(text: str) -> dt.date | dt.datetime:
    return dt.date.fromisoformat(text) if len(text) == len("2026-11-09") else clock.moment(text)
