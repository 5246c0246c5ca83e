"""The words that households are found by, kept by a trigger; indexes for the ends of numbers."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

from casework.core import names
from casework.migrations._at_once import at_once

# Keeps the words, whoever writes the household: an action, an import, a merge, or the job that anonymises.
TRIGGER = """
create function casework_household_search_words() returns trigger language plpgsql as $$
begin
  delete from casework_searchword where household_id = new.id;
  insert into casework_searchword (household_id, word, closed, sort_name)
  select new.id, found.word, new.closed_on is not null, new.sort_name
  from (select distinct left(part, 100) as word from unnest(string_to_array(new.search_name, ' ')) part) found
  where found.word <> '';
  return null;
end $$;
create trigger household_search_words_made after insert on casework_household
  for each row execute function casework_household_search_words();
create trigger household_search_words_changed after update on casework_household
  for each row when (
    (old.search_name, old.sort_name, old.closed_on) is distinct from (new.search_name, new.sort_name, new.closed_on)
  ) execute function casework_household_search_words();
"""
# What stands, as it is found by until now.
FILL = """
insert into casework_searchword (household_id, word, closed, sort_name)
select distinct household.id, left(part, 100), closed_on is not null, sort_name
from casework_household household, unnest(string_to_array(search_name, ' ')) part where part <> ''
"""
WITHOUT_TRIGGER = """
drop trigger household_search_words_made on casework_household;
drop trigger household_search_words_changed on casework_household;
drop function casework_household_search_words();
"""


def spread_out(apps, schema_editor):
    """The parts of names and the dates of birth are words from now on too; the trigger does the rest."""
    Household = apps.get_model("casework", "Household")
    made = []
    for household in Household.objects.order_by("pk").prefetch_related("members").iterator(chunk_size=1000):
        members = sorted((one for one in household.members.all() if one.left_on is None), key=lambda one: one.pk)
        words = [word for one in members for word in names.search_words(one.given_names, one.prefix, one.surname)]
        dates = [f"{one.born:%Y%m%d}" for one in members if one.born]
        household.search_name = " ".join(dict.fromkeys([*words, *dates])) or household.search_name
        made.append(household)
        if len(made) == 1000:
            Household.objects.bulk_update(made, ["search_name"])
            made = []
    Household.objects.bulk_update(made, ["search_name"])


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0014_audit_chain"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(db_collation="C", max_length=100, verbose_name="word")),
                ("closed", models.BooleanField(verbose_name="closed")),
                ("sort_name", models.CharField(max_length=200)),
            ],
            options={
                "verbose_name": "search word",
                "verbose_name_plural": "search words",
                "ordering": ["closed", "word", "sort_name", "household"],
            },
        ),
        migrations.RemoveIndex(
            model_name="household",
            name="household_number_trgm",
        ),
        migrations.AddIndex(
            model_name="household",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Reverse("case_number"), name="text_pattern_ops"
                ),
                name="household_number_end",
            ),
        ),
        migrations.AddIndex(
            model_name="household",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Reverse("mobile"), name="text_pattern_ops"
                ),
                name="household_mobile_end",
            ),
        ),
        migrations.AddIndex(
            model_name="household",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Reverse("phone"), name="text_pattern_ops"
                ),
                name="household_phone_end",
            ),
        ),
        migrations.AddField(
            model_name="searchword",
            name="household",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="words",
                to="casework.household",
                verbose_name="household",
            ),
        ),
        migrations.AddIndex(
            model_name="searchword",
            index=models.Index(fields=["closed", "word", "sort_name", "household"], name="search_word_in_order"),
        ),
        migrations.AddConstraint(
            model_name="searchword",
            constraint=models.UniqueConstraint(fields=("household", "word"), name="search_word_once"),
        ),
        migrations.RunSQL(TRIGGER, WITHOUT_TRIGGER),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunPython(spread_out, migrations.RunPython.noop),
    ]
    operations = at_once(operations)
