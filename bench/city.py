"""A city of households: names as skewed as in Rotterdam, so that `jan` and `moh` stand in tens of thousands of them."""

import contextlib
import datetime as dt
import itertools
import random
from collections.abc import Iterable, Iterator
from functools import cache

# Share, first names and surnames of each group; the common ones first, the others fall off as they do in life.
GROUPS = (
    (
        0.45,
        "Jan Johanna Maria Piet Anna Kees Wilhelmina Henk Willem Cornelia Dirk Arie Gerrit Elisabeth Hendrik Daan "
        "Sanne Lotte Emma Bram Thijs Anne-Marie Annemiek Jaap Femke Ruben Sem Joost Marieke Janneke",
        "Jansen|de Jong|de Vries|van den Berg|van Dijk|Bakker|Janssen|Visser|Smit|Meijer|de Boer|Mulder|de Groot|Bos|"
        "Vos|Peters|Hendriks|van Leeuwen|Dekker|Brouwer|de Wit|Dijkstra|Smits|de Graaf|van der Meer|van der Linden|Kok|"
        "Jacobs|de Haan|Vermeulen|van den Heuvel|van der Veen|van den Broek|de Bruijn|Schouten|van Vliet|Hoekstra|"
        "Maas|Verhoeven|Koster|van Dam|Prins|Blom|Huisman|Peeters|de Jonge|Kuipers|van Veen|Post|Kuiper|Veenstra|"
        "Kramer|van den Brink|Scholten|van Wijk|Postma|Martens|Vink|de Ruiter|Timmermans|Bosman|Groen|IJsselstein",
    ),
    (
        0.15,
        "Mehmet Fatma Mustafa Ayşe Ahmet Emine Ali Hatice Hüseyin Zeynep Hasan Elif İbrahim Özgür Yusuf Gül Murat "
        "Işıl Ömer Şükran Emre Büşra",
        "Yılmaz|Kaya|Demir|Çelik|Şahin|Yıldız|Yıldırım|Öztürk|Aydın|Özdemir|Arslan|Doğan|Kılıç|Aslan|Çetin|Kara|Koç|"
        "Kurt|Özkan|Şimşek|Polat|Korkmaz|Ağca|Işık|Erdoğan|Güneş|Aksoy|Bulut|Avcı|Tekin",
    ),
    (
        0.15,
        "Mohamed Fatima Ahmed Khadija Youssef Naima Hassan Malika Rachid Samira Said Saida Abdelkader Karima Omar "
        "Nadia Mustapha Latifa Bilal Zineb",
        "El Amrani|Bouzid|El Idrissi|Ben Ali|Amrani|El Yaakoubi|Haddad|Ouali|Bakkali|El Haddaoui|Chaib|Azzouzi|Tahiri|"
        "El Khattabi|Belhaj|Mansouri|Ziani|Bennani|Alaoui|Cherkaoui|Daoudi|El Fassi|Filali|Naciri|Saidi",
    ),
    (
        0.15,
        "Johan Sheila Roy Sharmila Ricardo Soerya Glenn Marlon Asha Rajesh Winston Sandra Ravi Jerrel Wendy Anil",
        "Ramdin|Singh|Ramsingh|Pinas|Bhagwan|Sital|Kartosen|Biharie|Jharap|Ganga|Soekhoe|Codrington|Lachman|"
        "Kromosoeto|Tjon A Fat|Sewdajal|Panday|Wijngaarde|Baldewsingh|Chin A Loi|Gopal|Mahabier|Ramlal|Kanhai",
    ),
    (
        0.10,
        "Fatou Linh Łukasz Agnieszka João Maria Tesfay Selam Ngozi Kwame Olena Ivan Amina Omar Li Wei Marco Ana",
        "Ndiaye|Diop|Nguyễn|Trần|Kowalski|Nowak|Silva|dos Santos|Lopes|Tesfay|Okafor|Mensah|Kovalenko|Shevchenko|"
        "Hassan|Warsame|Li|Wu|Chen|d'Angelo|Rossi|Cabral|Ødegård|Đorđević|Osman",
    ),
)
# A third of the people have a surname that few share: made of what Dutch and other names are made of.
RARE = 0.33
BEGINNINGS = [
    "Appel",
    "Boer",
    "Brug",
    "Dal",
    "Eik",
    "Groot",
    "Haag",
    "Hoog",
    "Kamp",
    "Kerk",
    "Klein",
    "Lang",
    "Meer",
    "Molen",
    "Nieuw",
    "Oost",
    "Polder",
    "Riet",
    "Roos",
    "Schoon",
    "Sluis",
    "Stee",
    "Tol",
    "Veld",
    "Vis",
    "Water",
    "West",
    "Wijn",
    "Zand",
    "Zuid",
    "ka",
    "ra",
    "mi",
    "lo",
    "se",
    "na",
    "vi",
    "to",
    "du",
    "ye",
    "ba",
    "ni",
    "ro",
    "sa",
    "ti",
]
MIDDLES = [
    "en",
    "er",
    "el",
    "ka",
    "ra",
    "mi",
    "lo",
    "se",
    "na",
    "vi",
    "to",
    "du",
    "ye",
    "ba",
    "ni",
    "ro",
    "sa",
    "ti",
    "s",
]
ENDINGS = [
    "berg",
    "huis",
    "stra",
    "man",
    "dijk",
    "veen",
    "hof",
    "kamp",
    "broek",
    "sma",
    "land",
    "horst",
    "wijk",
    "mans",
    "ing",
    "aar",
    "enaar",
    "voort",
    "bos",
    "veld",
    "meer",
    "oord",
    "ov",
    "ska",
    "oğlu",
    "ić",
    "ez",
    "ini",
    "yan",
    "ade",
]
# Of the test range 9999, those that pass the eleven-test; there are not more of them.
BSNS = [f"9999{one:05}" for one in range(100_000)]
COLLATES = dt.date(2026, 11, 2)


class City:
    """Draws people; the same seed makes the same city."""

    def __init__(self, seed: int):
        from casework.core.names import split_prefix

        self.dice = random.Random(seed)
        self.shares = [share for share, _given, _surnames in GROUPS]
        self.given = [names.split() for _share, names, _surnames in GROUPS]
        self.surnames = [[split_prefix(one) for one in names.split("|")] for _share, _given, names in GROUPS]
        self.falling = {length: [1 / (at + 3) for at in range(length)] for length in range(1, 100)}
        self.rare = ["".join(one).capitalize() for one in itertools.product(BEGINNINGS, MIDDLES, ENDINGS)]

    def pick(self, of: list):
        return self.dice.choices(of, self.falling[len(of)])[0]

    def family(self) -> list[tuple]:
        """(role, first name, prefix, surname, year of birth) of one to five people, most of one surname."""
        group = self.dice.choices(range(len(GROUPS)), self.shares)[0]
        is_rare = self.dice.random() < RARE
        prefix, surname = ("", self.dice.choice(self.rare)) if is_rare else self.pick(self.surnames[group])
        year = self.dice.randint(1940, 2008)
        people = [("client", self.pick(self.given[group]), prefix, surname, year)]
        if self.dice.random() < 0.4:
            people.append(("partner", self.pick(self.given[group]), *self.pick(self.surnames[group]), year + 1))
        for child in range(self.dice.choices(range(4), (6, 2, 2, 1))[0]):
            people.append(("child", self.pick(self.given[group]), prefix, surname, min(year + 25 + child, 2026)))
        return people

    def birthday(self, year: int) -> dt.date:
        return dt.date(year, 1, 1) + dt.timedelta(days=self.dice.randrange(300))

    def number(self, below: int) -> int:
        return self.dice.randrange(below)


@contextlib.contextmanager
def _without_history(model) -> Iterator[None]:
    """What keeps the history rests: no search asks it, and each of its rows has a savepoint, which takes long by the million."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "select tgname from pg_trigger where tgrelid = %s::regclass and tgname like 'pgtrigger%%'",
            [model._meta.db_table],
        )
        triggers = [name for (name,) in cursor.fetchall()]
        for name in triggers:
            cursor.execute(f"alter table {model._meta.db_table} disable trigger {name}")
        yield
        for name in triggers:
            cursor.execute(f"alter table {model._meta.db_table} enable trigger {name}")


def copy(model, rows: Iterable[dict]) -> None:
    """Rows of a model by COPY, without history; what a row does not say is the default of its field."""
    from django.db import connection

    fields = list(model._meta.concrete_fields)
    prepared = [field.get_db_prep_save(field.get_default(), connection) for field in fields]
    place = {field.attname: at for at, field in enumerate(fields)}
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with _without_history(model), connection.cursor() as cursor:
        with cursor.copy(f'copy "{model._meta.db_table}" ({columns}) from stdin') as sink:
            for row in rows:
                values = list(prepared)
                for name, value in row.items():
                    values[place[name]] = fields[place[name]].get_db_prep_save(value, connection)
                sink.write_row(values)
        cursor.execute(f"select setval(pg_get_serial_sequence('{model._meta.db_table}', 'id'), %s)", [10_000_000])


def fill(number: int, owners: list, seed: int = 31) -> None:
    """So many households with their people, two fifths of them closed; the trigger writes their words. Minutes."""
    from django.db import connection

    from casework.households.models import Household, Member

    city, members = City(seed), []
    copy(Household, _households(city, number, owners, members))
    copy(Member, members)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")


def _households(city: City, number: int, owners: list, members: list[dict]) -> Iterator[dict]:
    from stdnum.nl import bsn

    from casework.core import clock, names
    from casework.core.encryption import fingerprint

    words = cache(names.search_words)
    fold = cache(names.fold)
    sort_name = cache(names.sort_name)
    known = iter([one for one in BSNS if bsn.is_valid(one)])
    registered = clock.at(COLLATES, dt.time(9))
    for key in range(1, number + 1):
        people = [(*one[:4], city.birthday(one[4])) for one in city.family()]
        for role, given, prefix, surname, born in people:
            digits = next(known, "") if role == "client" and city.number(40) == 0 else ""
            members.append({
                "id": len(members) + 1, "household_id": key, "role": role, "given_names": given, "prefix": prefix,
                "surname": surname, "born": born, "search_surname": fold(surname), "bsn": digits,
                "bsn_fingerprint": fingerprint(digits) if digits else "",
            })  # fmt: skip
        _role, given, prefix, surname, _born = people[0]
        closed = city.number(5) < 2
        dates = [f"{born:%Y%m%d}" for *_rest, born in people]
        found_by = [word for _role, *name, _born in people for word in words(*name)]
        yield {
            "id": key, "case_number": f"ETF-{2016 + key % 11}-{key:06}",
            "registered_at": registered - dt.timedelta(minutes=number - key), "owner_id": city.dice.choice(owners),
            "street": "Voorstraat", "house_number": str(1 + city.number(200)), "form_token": None,
            "postcode": f"{3011 + city.number(79)}{'ABCDEFGHKL'[city.number(10)]}{'ABCDEFGHKLMN'[city.number(12)]}",
            "mobile": f"+316{city.number(10**8):08}", "phone": f"+3110{city.number(10**7):07}" if key % 3 else "",
            "display_name": names.full_name(given, prefix, surname), "sort_name": sort_name(given, prefix, surname),
            "search_name": " ".join(dict.fromkeys([*found_by, *dates])),
            "closed_on": COLLATES if closed else None, "exit_reason": "Afgerond" if closed else "",
        }  # fmt: skip
