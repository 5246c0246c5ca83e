"""MAIT, KBR and JPF always exist (scenario contract)."""

from django.db import migrations

PARTNERS = {"MAIT": "Stichting MAIT", "KBR": "Kredietbank Rotterdam", "JPF": "Jongerenperspectieffonds"}


def fill_partners(apps, schema_editor):
    organisation = apps.get_model("partners", "Organisation")
    for code, name in PARTNERS.items():
        organisation.objects.get_or_create(code=code, defaults={"name": name})


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial")]
    operations = [migrations.RunPython(fill_partners, migrations.RunPython.noop)]
