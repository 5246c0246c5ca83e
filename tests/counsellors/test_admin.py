"""The settings of an administrator: every page, who may come in, hours, absences, calendar, users (S25, R-04, R-92, R-93)."""

import datetime as dt
import html
import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from casework.admin import site
from casework.core.models import AuditEntry, Role, User
from casework.core.thresholds import Threshold
from casework.counsellors.models import Team, WorkingHours
from casework.places.models import Area, CalendarDay, Location, OpeningHours
from partners.organisations.models import Membership, Organisation
from tests import make
from tests.core.page_forms import forms_of

MODELS = sorted(site._registry, key=lambda model: model.__name__)
NO_DELETING = ["User", "Organisation", "ThresholdValue", "ReminderMoments", "MessageText", "WordingTrial"]


@pytest.fixture
def admin(db):
    return make.user(Role.ADMIN, username="ada", name="Ada de Beheerder")


@pytest.fixture
def one_of_each(samira, now):
    """A row of every kind of setting."""
    make.appointment_type()
    Area.objects.get_or_create(name="Feijenoord")
    CalendarDay.objects.get_or_create(date=dt.date(2026, 12, 25), defaults={"name": "Kerst"})
    Team.objects.create(name="Zuid")
    make.user(Role.DESK, location=samira.location)
    make.threshold(Threshold.NO_SHOW_FROM, 15)
    make.moments()
    make.trial()
    organisation = Organisation.objects.first() or Organisation.objects.create(code="MAIT", name="MAIT")
    Membership.objects.create(user=make.user(Role.PARTNER), organisation=organisation)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", response.content.decode())))


def address(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def pages(model) -> list[str]:
    found = [address(model, "changelist"), address(model, "change", model._default_manager.order_by("pk").first().pk)]
    return [*found, address(model, "add"), address(model, "history", model._default_manager.order_by("pk").first().pk)]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_page_opens_for_an_administrator_in_dutch(browse, admin, one_of_each, model):
    client = browse(admin)
    for path in pages(model):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert '<html lang="nl"' in answer.content.decode()
    assert "ETF – Instellingen" in text_of(client.get(reverse("admin:index")))


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
def test_and_for_nobody_else(browse, everyone, one_of_each, role):
    client = browse(everyone[role])
    for path in [reverse("admin:index"), *(path for model in MODELS for path in pages(model))]:
        assert client.get(path).status_code == 403, path
        assert client.post(path, {}).status_code == 403, path


def test_anonymous_goes_to_the_one_login(client, one_of_each):
    for path in (reverse("admin:index"), address(Location, "changelist"), reverse("admin:login")):
        answer = client.get(path, follow=True)
        assert answer.redirect_chain[-1][0].startswith("/inloggen/"), path


def test_only_settings_stand_here_nothing_about_residents():
    assert {model.__name__ for model in MODELS} == {
        "AppointmentType", "Area", "CalendarDay", "Counsellor", "ForbiddenWord", "Location", "Membership",
        "MessageText", "MissedReason", "Organisation", "Posting", "ReminderMoments", "RetentionTerm", "Team", "ThresholdValue", "User", "WordingTrial",
    }  # fmt: skip


@pytest.mark.parametrize(
    "model", [one for one in MODELS if one.__name__ in NO_DELETING], ids=lambda model: model.__name__
)
def test_what_others_point_at_is_switched_off_not_deleted(browse, admin, one_of_each, model):
    row = model._default_manager.order_by("pk").first()
    assert browse(admin).post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@pytest.mark.parametrize(
    "query", ["q=%00", "p=999999", "o=zzz", "active__exact=zzz", "date__year=99999", "all=", "e=1"]
)
def test_nonsense_in_the_address_is_no_error(browse, admin, one_of_each, model, query):
    assert browse(admin).get(f"{address(model, 'changelist')}?{query}").status_code in {200, 302}


class Rows:
    """The management fields and rows of one table inside a page."""

    def __init__(self, prefix: str, rows: list[dict], initial: int = 0):
        self.data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
        for number, row in enumerate(rows):
            self.data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}


def hours(counsellor, start="9:00", end="12:00", weekday=6, **changes) -> dict:
    return {"location": counsellor.location_id, "weekday": weekday, "starts": start, "ends": end,
            "counsellor": counsellor.pk, "valid_from": "", "valid_to": ""} | changes  # fmt: skip


def change(client, row, data):
    """Send the page that was just opened, with the marks of what stands in it (R-19)."""
    path = address(type(row), "change", row.pk)
    return client.post(path, marks(client, path) | data)


def confirm(client, path: str, sent: dict):
    """Send, look at what it does where it does something, and send it all the same."""
    page = client.post(path, sent)
    mark = re.search(r'name="effect" value="(\w+)"', page.content.decode())
    return client.post(path, sent | {"effect": mark[1]}) if mark else page


def marks(client, path: str) -> dict:
    forms = [one for one in forms_of(client.get(path).content.decode()) if one.method == "post"]
    return {name: sent[0] for form in forms for name, sent in form.fields.items() if name.endswith("opened")}


def save_counsellor(client, counsellor, *, working=(), absences=(), initial=0, **changes):
    counsellor.working_hours.exclude(pk__in=[row.get("id") for row in working if row.get("id")]).delete()
    data = {
        "user": counsellor.user_id, "location": counsellor.location_id, "team": "", "languages": ["nl", "tr"],
        "capacity": counsellor.capacity, "active": "on",
    }  # fmt: skip
    data |= Rows("working_hours", list(working), initial).data | Rows("absences", list(absences)).data | changes
    return change(client, counsellor, data)


class TestCounsellor:
    def test_hours_are_saved_with_a_line_each(self, browse, admin, samira, now):
        answer = save_counsellor(browse(admin), samira, working=[hours(samira), hours(samira, "13:00", "16:30")])
        assert answer.status_code == 302
        assert sorted(str(one.starts) for one in samira.working_hours.all()) == ["09:00:00", "13:00:00"]
        lines = AuditEntry.objects.filter(action="add_settings", object_key__startswith="workinghours:")
        assert [(line.username, line.at) for line in lines] == [("ada", now)] * 2
        assert lines[0].details["new"]["weekday"] == "6"

    def test_a_change_keeps_old_and_new(self, browse, admin, samira, now):
        save_counsellor(browse(admin), samira, capacity=40)
        line = AuditEntry.objects.get(action="change_settings", object_key=f"counsellor:{samira.pk}")
        assert (line.details["old"]["capacity"], line.details["new"]["capacity"]) == ("50", "40")

    def test_changing_and_removing_hours_leave_lines(self, browse, admin, samira, now):
        row = samira.working_hours.get(weekday=1, starts=dt.time(9))
        other = samira.working_hours.get(weekday=1, starts=dt.time(13))
        answer = save_counsellor(
            browse(admin), samira, initial=2,
            working=[hours(samira, "9:00", "11:00", 1, id=row.pk), hours(samira, "13:00", "16:30", 1, id=other.pk, DELETE="on")],
        )  # fmt: skip
        assert answer.status_code == 302
        assert [str(one) for one in samira.working_hours.all()] == ["maandag 09.00–11.00"]
        changed = AuditEntry.objects.get(action="change_settings", object_key=f"workinghours:{row.pk}")
        assert (changed.details["old"]["ends"], changed.details["new"]["ends"]) == ("12:30:00", "11:00:00")
        assert AuditEntry.objects.filter(action="delete_settings", object_key=f"workinghours:{other.pk}").exists()

    @pytest.mark.parametrize(
        ("rows", "says"),
        [
            ([("9:00", "12:00", {}), ("11:00", "13:00", {})], "Een deel van deze uren overlapt."),
            ([("12:00", "9:00", {})], "Het einde moet na het begin liggen."),
            ([("12:00", "12:00", {})], "Het einde moet na het begin liggen."),
            ([("9:00", "12:00", {"valid_from": "2-1-2027", "valid_to": "1-1-2027"})], "mag niet voor de eerste liggen"),
            ([("9:00", "12:00", {"weekday": "8"})], "geldige keuze"),
            ([("9:00", "25:00", {})], "geldige tijd"),
            ([("9:00", "12:00", {"valid_from": "31-12-99999"})], "geldige datum"),
        ],
    )
    def test_hours_that_cannot_be_are_said_in_dutch(self, browse, admin, samira, now, rows, says):
        working = [hours(samira, start, end, **changes) for start, end, changes in rows]
        answer = save_counsellor(browse(admin), samira, working=working)
        assert answer.status_code == 200
        assert says in text_of(answer)
        assert samira.working_hours.count() == 0
        assert not AuditEntry.objects.filter(object_key__startswith="workinghours:").exists()

    def test_hours_that_overlap_with_what_stands(self, browse, admin, samira, now):
        row = samira.working_hours.get(weekday=1, starts=dt.time(9))
        working = [hours(samira, "9:00", "12:30", 1, id=row.pk), hours(samira, "12:00", "13:00", 1)]
        answer = save_counsellor(browse(admin), samira, working=working, initial=1)
        assert answer.status_code == 200
        assert "overlap" in text_of(answer)

    def test_hours_may_follow_each_other_in_time_and_on_the_day(self, browse, admin, samira, now):
        working = [
            hours(samira, valid_to="31-12-2026"), hours(samira, valid_from="1-1-2027"),
            hours(samira, "12:00", "13:00"), hours(samira, weekday=7),
        ]  # fmt: skip
        assert save_counsellor(browse(admin), samira, working=working).status_code == 302
        assert samira.working_hours.count() == 4

    def test_an_absence_is_in_wall_time(self, browse, admin, samira, now):
        away = {"period_0": "9-11-2026 09:00", "period_1": "13-11-2026 17:00", "kind": "verlof", "note": "geheim",
                "counsellor": samira.pk}  # fmt: skip
        assert save_counsellor(browse(admin), samira, absences=[away]).status_code == 302
        period = samira.absences.get().period
        assert (period.lower, period.upper) == (make.moment("2026-11-09 09:00"), make.moment("2026-11-13 17:00"))
        line = AuditEntry.objects.get(action="add_settings", object_key__startswith="absence:")
        assert "geheim" not in str(line.details)
        assert "note" in line.details["changed"]

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            ("13-11-2026 17:00", "9-11-2026 09:00"), ("9-11-2026 09:00", "9-11-2026 09:00"), ("", "9-11-2026 09:00"),
            ("9-11-2026 09:00", ""), ("zzz", "9-11-2026 09:00"), ("29-3-2026 02:30", "9-11-2026 09:00"),
        ],
    )  # fmt: skip
    def test_an_absence_that_cannot_be(self, browse, admin, samira, now, start, end):
        away = {"period_0": start, "period_1": end, "kind": "verlof", "note": "", "counsellor": samira.pk}
        answer = save_counsellor(browse(admin), samira, absences=[away])
        assert answer.status_code == 200
        assert "errorlist" in answer.content.decode()
        assert samira.absences.count() == 0

    def test_absences_may_overlap(self, browse, admin, samira, now):
        away = [
            {"period_0": f"{day}-11-2026 09:00", "period_1": "13-11-2026 17:00", "kind": "ziek", "note": "",
             "counsellor": samira.pk} for day in (9, 10)
        ]  # fmt: skip
        assert save_counsellor(browse(admin), samira, absences=away).status_code == 302
        assert samira.absences.count() == 2


class TestLocation:
    def save(self, client, place, rows, **changes):
        OpeningHours.objects.filter(location=place).delete()
        data = {"code": place.code, "name": place.name, "address": "Voorbeeldstraat 1", "directions": "", "kind": "desk",
                "area": "", "active": "on"}  # fmt: skip
        rows = [{"weekday": 6, "opens": opens, "closes": closes, "location": place.pk} for opens, closes in rows]
        return change(client, place, data | Rows("hours", rows).data | changes)

    def test_opening_hours(self, browse, admin, feijenoord, now):
        assert self.save(browse(admin), feijenoord, [("9:00", "12:00"), ("12:00", "17:00")]).status_code == 302
        assert feijenoord.hours.count() == 2
        assert AuditEntry.objects.filter(action="add_settings", object_key__startswith="openinghours:").count() == 2

    @pytest.mark.parametrize(
        ("rows", "says"),
        [
            ([("9:00", "12:00"), ("11:59", "17:00")], "Een deel van deze uren overlapt."),
            ([("12:00", "9:00")], "De sluitingstijd moet na de openingstijd liggen."),
            ([("9:00", "9:00")], "De sluitingstijd moet na de openingstijd liggen."),
        ],
    )
    def test_opening_hours_that_cannot_be(self, browse, admin, feijenoord, now, rows, says):
        answer = self.save(browse(admin), feijenoord, rows)
        assert answer.status_code == 200
        assert says in text_of(answer)
        assert feijenoord.hours.count() == 0

    def test_a_code_stands_once(self, browse, admin, feijenoord, now):
        make.location("CHA")
        answer = self.save(browse(admin), feijenoord, [], code="CHA")
        assert "bestaat al" in text_of(answer)


class TestCalendar:
    """W8: urgent on Monday 3 May 2027 is due on the 10th, and on the 11th once 7 May is an equated day (R-04)."""

    @pytest.fixture
    def term(self, db):
        for date, name in ((dt.date(2027, 5, 5), "Bevrijdingsdag"), (dt.date(2027, 5, 6), "Hemelvaart")):
            CalendarDay.objects.get_or_create(date=date, defaults={"name": name, "working_day": False})
        household = make.household(registered="2027-05-03 09:00")
        return make.term(household, "urgent", "2027-05-03", "2027-05-10")

    def add(self, client, **changes):
        """Confirmed: that a term moves is shown first (tests/core/test_settings_effects.py)."""
        path, sent = (
            address(CalendarDay, "add"),
            {"date": "7-5-2027", "name": "Gelijkgesteld", "closed": "on"} | changes,
        )
        return confirm(client, path, sent)

    def test_open_terms_follow_at_once(self, browse, admin, term, now):
        assert self.add(browse(admin)).status_code == 302
        term.refresh_from_db()
        assert term.deadline == dt.date(2027, 5, 11)
        line = AuditEntry.objects.get(action="recompute_term")
        assert (line.username, line.details["old"], line.details["new"]) == ("ada", "2027-05-10", "2027-05-11")

    def test_taking_it_away_brings_them_back(self, browse, admin, term, now):
        self.add(browse(admin))
        day = CalendarDay.objects.get(date=dt.date(2027, 5, 7))
        assert confirm(browse(admin), address(CalendarDay, "delete", day.pk), {"post": "yes"}).status_code == 302
        term.refresh_from_db()
        assert term.deadline == dt.date(2027, 5, 10)
        assert AuditEntry.objects.filter(action="delete_settings", object_key=f"calendarday:{day.pk}").exists()

    def test_several_at_once_would_go_unseen_and_stay(self, browse, admin, term, now):
        self.add(browse(admin))
        day = CalendarDay.objects.get(date=dt.date(2027, 5, 7))
        browse(admin).post(address(CalendarDay, "changelist"),
                           {"action": "delete_selected", "_selected_action": [day.pk], "post": "yes"})  # fmt: skip
        assert CalendarDay.objects.filter(pk=day.pk).exists()

    def test_a_date_stands_once(self, browse, admin, term, now):
        self.add(browse(admin))
        assert "bestaat al" in text_of(self.add(browse(admin)))


class TestUsers:
    FORM = {"username": "nieuw", "full_name": "Nina van Nieuw", "first_name": "Nina", "role": "desk", "email": "",
            "is_active": "on", "new_password": ""}  # fmt: skip

    def test_a_new_user_without_a_password_cannot_log_in_yet(self, browse, admin, now):
        assert browse(admin).post(address(User, "add"), self.FORM).status_code == 302
        made = User.objects.get(username="nieuw")
        assert not made.has_usable_password()
        assert (made.role, made.is_staff) == (Role.DESK, False)

    def test_a_password_never_stands_in_the_trail(self, browse, admin, now):
        browse(admin).post(address(User, "add"), self.FORM | {"new_password": "stil-water-12"})
        made = User.objects.get(username="nieuw")
        assert made.check_password("stil-water-12")
        line = AuditEntry.objects.get(action="add_settings", object_key=f"user:{made.pk}")
        assert "stil-water" not in str(line.details)
        assert made.password not in str(line.details)

    def test_an_empty_password_leaves_it_as_it_is(self, browse, admin, joris, now):
        form = self.FORM | {"username": "joris", "full_name": "Joris de Wit", "first_name": "Joris"}
        assert change(browse(admin), joris, form).status_code == 302
        joris.refresh_from_db()
        assert joris.check_password(make.PASSWORD)

    @pytest.mark.parametrize(
        "changes", [{"role": "baas"}, {"username": ""}, {"username": "joris"}, {"full_name": "a\x00b"}]
    )
    def test_what_cannot_be(self, browse, admin, joris, now, changes):
        answer = browse(admin).post(address(User, "add"), self.FORM | changes)
        assert answer.status_code == 200
        assert "errorlist" in answer.content.decode()


@pytest.mark.parametrize("name", ["Team", "Posting", "Membership"])
def test_deleting_several_at_once_leaves_a_line_each(browse, admin, one_of_each, name):
    model = next(one for one in MODELS if one.__name__ == name)
    keys = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
    browse(admin).post(
        address(model, "changelist"), {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
    )
    lines = set(AuditEntry.objects.filter(action="delete_settings").values_list("object_key", flat=True))
    assert lines == {f"{name.lower()}:{key}" for key in keys}
    assert not model._default_manager.exists()


def test_hours_of_the_wrong_way_round_are_refused_before_the_database(samira):
    backwards = WorkingHours(
        counsellor=samira, location=samira.location, weekday=6, starts=dt.time(12), ends=dt.time(9)
    )
    with pytest.raises(ValidationError, match="einde"):
        backwards.full_clean()


class TestMeanwhile:
    """Two administrators at the same setting (R-19)."""

    def opened(self, client, row) -> dict:
        path = address(type(row), "change", row.pk)
        return {
            name: sent if len(sent) > 1 else sent[0]
            for form in forms_of(client.get(path).content.decode())
            if form.method == "post"
            for name, sent in form.fields.items()
        }

    def test_a_change_meanwhile_is_named_and_not_written_over(self, browse, admin, feijenoord, now):
        mine, theirs = browse(admin), browse(make.user(Role.ADMIN))
        path = address(Location, "change", feijenoord.pk)
        opened = self.opened(mine, feijenoord)
        assert theirs.post(path, opened | {"name": "Vraagwijzer Katendrecht"}).status_code == 302
        page = mine.post(path, opened | {"name": "Vraagwijzer Zuid"})
        assert page.status_code == 200
        assert "Een collega heeft dit intussen gewijzigd" in text_of(page)
        assert "Er staat nu: Vraagwijzer Katendrecht" in text_of(page)
        assert 'value="Vraagwijzer Zuid"' in page.content.decode()
        feijenoord.refresh_from_db()
        assert feijenoord.name == "Vraagwijzer Katendrecht"
        again = {
            name: sent[0] for form in forms_of(page.content.decode()) if form.method == "post"
            for name, sent in form.fields.items()
        }  # fmt: skip
        assert mine.post(path, again).status_code == 302
        feijenoord.refresh_from_db()
        assert feijenoord.name == "Vraagwijzer Zuid"

    def test_the_same_change_twice_is_no_conflict(self, browse, admin, feijenoord, now):
        client, path = browse(admin), address(Location, "change", feijenoord.pk)
        sent = self.opened(client, feijenoord) | {"name": "Vraagwijzer Zuid"}
        assert [client.post(path, sent).status_code for _time in range(2)] == [302, 302]

    def test_hours_that_a_colleague_changed(self, browse, admin, samira, now):
        mine, theirs = browse(admin), browse(make.user(Role.ADMIN))
        path, opened = address(type(samira), "change", samira.pk), self.opened(mine, samira)
        assert theirs.post(path, opened | {"working_hours-0-ends": "12:15", "capacity": "41"}).status_code == 302
        page = mine.post(path, opened | {"working_hours-0-ends": "11:00", "languages": ["tr"]})
        assert page.status_code == 200
        assert "Er staat nu: 12:15" in text_of(page)
        assert "Er staat nu: Nederlands" in text_of(page)
        assert "Er staat nu: 41" in text_of(page)

    @pytest.mark.parametrize("mark", ["", "x", "\x00", "9" * 100])
    def test_a_mark_out_of_the_blue_changes_nothing(self, browse, admin, feijenoord, now, mark):
        client = browse(admin)
        sent = self.opened(client, feijenoord) | {"name": "Vraagwijzer Zuid", "opened": mark}
        assert client.post(address(Location, "change", feijenoord.pk), sent).status_code == 200
        feijenoord.refresh_from_db()
        assert feijenoord.name == "Vraagwijzer Feijenoord"
