"""Whether somebody is at work during an appointment, in one place; teams and areas can go out of use (S25)."""

from django.db import migrations, models

# As the slot search does: working hours inside opening hours of a place in use, on the local weekday, and one uninterrupted
# stretch. `place` null: wherever. Hours do not cross midnight, so wall times of one date are enough.
AT_WORK = """
create function casework_at_work(who bigint, place bigint, during tstzrange) returns boolean
language sql stable as $$
  select coalesce(bool_or(stretch @> tsrange(here.starts, here.ends)), false)
  from (select lower(during) at time zone 'Europe/Amsterdam' as starts,
               upper(during) at time zone 'Europe/Amsterdam' as ends) as here,
  lateral (
    select unnest(range_agg(tsrange(here.starts::date + greatest(w.starts, o.opens),
                                    here.starts::date + least(w.ends, o.closes)))) as stretch
    from casework_workinghours w
    join casework_location l on l.id = w.location_id and l.active
    join casework_openinghours o on o.location_id = w.location_id and o.weekday = w.weekday
         and o.opens < w.ends and o.closes > w.starts
    where w.counsellor_id = who and w.weekday = extract(isodow from here.starts)
      and (w.valid_from is null or w.valid_from <= here.starts::date)
      and (w.valid_to is null or w.valid_to >= here.starts::date)
      and (place is null or w.location_id = place)
  ) as stretches
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0028_waiting_date_passed"),
    ]

    operations = [
        migrations.AddField(
            model_name="area", name="active", field=models.BooleanField(default=True, verbose_name="in use")
        ),
        migrations.AddField(
            model_name="team", name="active", field=models.BooleanField(default=True, verbose_name="in use")
        ),
        migrations.RunSQL(AT_WORK, "drop function casework_at_work(bigint, bigint, tstzrange)"),
    ]
