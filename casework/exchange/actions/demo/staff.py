"""Places, kinds of talk, and the people who work in the demonstration city."""

import datetime as dt

from casework.appointments.models import AppointmentType, TypeChannel
from casework.core import clock
from casework.core.models import Role, User
from casework.counsellors.models import Absence, AbsenceKind, Counsellor, Posting, Team, WorkingHours
from casework.exchange.actions.demo.city import City
from casework.exchange.actions.demo.names import some_family
from casework.places.models import Area, Location, OpeningHours
from partners.organisations.models import Membership, Organisation

PASSWORD = "welkom-bij-etf"
LOGINS = (
    ("joris", Role.DESK, "Joris de Wit"),
    ("samira", Role.COUNSELLOR, "Samira El Amrani"),
    ("ingrid", Role.SUPERVISOR, "Ingrid Smit"),
    ("beheer", Role.ADMIN, "Bea Heerma"),
    ("privacy", Role.PRIVACY_OFFICER, "Priya Vacature"),
    ("mait", Role.PARTNER, "Maartje van MAIT"),
)
_COUNSELLORS = (
    ("samira", "Samira El Amrani", "FEI", ("nl", "ar", "ber")), ("bram", "Bram van der Velde", "FEI", ("nl", "en")),
    ("elif", "Elif Yıldız", "FEI", ("nl", "tr")), ("daan", "Daan Hoekstra", "CHA", ("nl", "en")),
    ("maria", "Maria da Luz Lopes", "CHA", ("nl", "pt")), ("kasia", "Kasia Wiśniewska", "CHA", ("nl", "pl", "en")),
    ("rishi", "Rishi Ramdin", "DEL", ("nl", "hi", "en")), ("femke", "Femke 't Hart", "DEL", ("nl",)),
    ("giovanni", "Giovanni Martina", "DEL", ("nl", "pap", "es")),
)  # fmt: skip
LOCATIONS = (
    ("FEI", "Feijenoord", "3072"), ("CHA", "Charlois", "3083"), ("DEL", "Delfshaven", "3024"),
)  # fmt: skip
_TYPES = (
    ("EG", "Eerste gesprek", 60, TypeChannel.PLACE, True), ("SG", "Spoedgesprek", 60, TypeChannel.PLACE, True),
    ("VG", "Voortgangsgesprek", 45, TypeChannel.PLACE, False), ("TG", "Telefonisch gesprek", 30, TypeChannel.PHONE, False),
    ("HB", "Huisbezoek", 60, TypeChannel.HOME, False),
)  # fmt: skip
_MORE_STAFF = (
    ("joke", Role.DESK, "Joke Pieters"), ("dennis", Role.DESK, "Dennis Rozenblad"), ("ahmed", Role.SUPERVISOR, "Ahmed Bennani"),
)  # fmt: skip
_POSTINGS = (("joris", "FEI"), ("joke", "CHA"), ("dennis", "DEL"), ("ingrid", "FEI"), ("ahmed", "DEL"))
# New households a year for each counsellor.
INFLOW = 55


def build_staff(city: City, households: int) -> None:
    """Places, types and people; the same place or type is never made twice."""
    for code, area, _digits in LOCATIONS:
        city.locations[code] = _location(code, area)
    for code, name, minutes, channel, first in _TYPES:
        city.types[code], _new = AppointmentType.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "minutes": minutes,
                "channel": channel,
                "first_talk": first,
                "travel_minutes": 30 if channel == TypeChannel.HOME else 0,
            },
        )
    team, _new = Team.objects.get_or_create(name="Zuid en West")
    counsellors = [*_COUNSELLORS, *_more_counsellors(city, households)]
    people = _users(
        [*LOGINS, *_MORE_STAFF, *((login, Role.COUNSELLOR, name) for login, name, *_rest in counsellors[1:])]
    )
    for login, code in _POSTINGS:
        Posting.objects.create(user=people[login], location=city.locations[code], team=team)
    mait, _new = Organisation.objects.get_or_create(code="MAIT", defaults={"name": "Stichting MAIT"})
    Membership.objects.create(user=people["mait"], organisation=mait)
    city.desk = people["joris"]
    city.by_place = {code: [] for code in city.locations}
    for number, (login, _name, code, languages) in enumerate(counsellors):
        city.by_place[code].append(_counsellor(city, number, people[login], code, languages, team))


def _location(code: str, area: str) -> Location:
    place, new = Location.objects.get_or_create(
        code=code,
        defaults={
            "name": f"Vraagwijzer {area}", "address": f"Voorbeeldstraat {len(code) * 7}, Rotterdam (fictief)",
            "area": Area.objects.filter(name=area).first(), "directions": "halte Voorbeeldplein, twee minuten lopen.",
        },
    )  # fmt: skip
    if new:
        OpeningHours.objects.bulk_create(
            OpeningHours(location=place, weekday=day, opens=dt.time(8, 30), closes=dt.time(17)) for day in range(1, 6)
        )
    return place


def _more_counsellors(city: City, households: int) -> list[tuple]:
    """As many more as the inflow of a larger city asks for."""
    codes, more = list(city.locations), []
    for number in range(len(_COUNSELLORS), -(-households // INFLOW)):
        language, given, surname = some_family(city.rnd)
        languages = ("nl",) if language == "nl" else ("nl", language)
        more.append((f"tb{number + 1}", f"{city.rnd.choice(given)} {surname}", codes[number % len(codes)], languages))
    return more


def _users(wanted: list[tuple]) -> dict[str, User]:
    # One hash for all: hashing is slow on purpose.
    hashed = User()
    hashed.set_password(PASSWORD)
    people = {}
    for login, role, name in wanted:
        people[login] = User(username=login, role=role, full_name=name, password=hashed.password)
        people[login].save()
    return people


def _counsellor(city: City, number: int, user: User, code: str, languages: tuple, team: Team) -> Counsellor:
    """Most work four days; nobody is planned over lunch."""
    made = Counsellor.objects.create(
        user=user, location=city.locations[code], team=team, languages=list(languages), capacity=40 + 5 * (number % 5)
    )
    free = number % 5 + 1 if number % 3 else 0
    WorkingHours.objects.bulk_create(
        WorkingHours(counsellor=made, location=made.location, weekday=day, starts=start, ends=end)
        for day in range(1, 6)
        if day != free
        for start, end in ((dt.time(9), dt.time(12, 30)), (dt.time(13), dt.time(16, 30)))
    )
    city.free_days[made.pk] = free
    return made


def build_absence(city: City) -> None:
    """One counsellor is away next week, with appointments standing: something for the supervisor."""
    monday = city.today + dt.timedelta(days=7 - city.today.weekday())
    period = (clock.day_bounds(monday)[0], clock.day_bounds(monday + dt.timedelta(days=4))[1])
    Absence.objects.create(counsellor=city.counsellors[1], period=period, kind=AbsenceKind.LEAVE)
