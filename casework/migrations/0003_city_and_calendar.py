"""The 14 areas of Rotterdam with their neighbourhoods (domain 6.1), and the official days of 2015–2035 (R-02)."""

from django.db import migrations

from casework.places.models import official_days

AREAS = {
    "Centrum": "10 Stadsdriehoek, 11 Oude Westen, 12 Cool, 13 CS-kwartier, 18 Nieuwe Werk, 19 Dijkzigt",
    "Charlois": "71 Tarwewijk, 72 Carnisse, 73 Zuidwijk, 74 Oud-Charlois, 75 Wielewaal, 76 Zuidplein, 77 Pendrecht, "
    "93 Heijplaat",
    "Delfshaven": "20 Delfshaven, 21 Bospolder, 22 Tussendijken, 23 Spangen, 24 Nieuwe Westen, 25 Middelland, "
    "27 Oud-Mathenesse, 28 Witte Dorp, 29 Schiemond",
    "Feijenoord": "17 Kop van Zuid, 80 Vreewijk, 81 Bloemhof, 82 Hillesluis, 85 Katendrecht, 86 Afrikaanderwijk, "
    "87 Feijenoord, 88 Noordereiland",
    "Hillegersberg-Schiebroek": "60 Schiebroek, 61 Hillegersberg-Zuid, 62 Hillegersberg-Noord, 64 Terbregge, "
    "65 Molenlaankwartier",
    "Hoek van Holland": "Dorp, Strand en Duin, Rijnpoort",
    "Hoogvliet": "Hoogvliet-Noord, Hoogvliet-Zuid",
    "IJsselmonde": "83 Oud-IJsselmonde, 84 Lombardijen, 89 Groot-IJsselmonde, 90 Beverwaard",
    "Kralingen-Crooswijk": "14 Rubroek, 36 Nieuw-Crooswijk, 37 Oud-Crooswijk, 41 Kralingen-West, 42 Kralingen-Oost, "
    "45 De Esch, 47 Struisenburg",
    "Noord": "15 Agniesebuurt, 16 Provenierswijk, 31 Bergpolder, 32 Blijdorp, 33 Blijdorpsepolder, 34 Liskwartier, "
    "35 Oude Noorden",
    "Overschie": "51 Kleinpolder, 55 Zestienhoven, 56 Overschie, 57 Landzicht",
    "Pernis": "91 Pernis",
    "Prins Alexander": "46 Kralingseveer, 48 Prinsenland, 49 Het Lage Land, 63 Ommoord, 66 Zevenkamp, 67 Oosterflank, "
    "68 Nesselande",
    "Rozenburg": "04 Rozenburg, Noordzijde",
}


def fill_areas(apps, schema_editor):
    area_model = apps.get_model("casework", "Area")
    neighbourhood_model = apps.get_model("casework", "Neighbourhood")
    for area_name, listed in AREAS.items():
        area, _made = area_model.objects.get_or_create(name=area_name)
        for entry in listed.split(", "):
            code, _space, name = entry.partition(" ") if entry[:2].isdigit() else ("", "", entry)
            neighbourhood_model.objects.get_or_create(area=area, name=name, defaults={"code": code})


def fill_calendar(apps, schema_editor):
    day_model = apps.get_model("casework", "CalendarDay")
    day_model.objects.bulk_create(
        [
            day_model(date=day.date, name=day.name, working_day=day.working_day, closed=day.closed)
            for year in range(2015, 2036)
            for day in official_days(year)
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_audit_and_numbers")]
    operations = [
        migrations.RunPython(fill_areas, migrations.RunPython.noop),
        migrations.RunPython(fill_calendar, migrations.RunPython.noop),
    ]
