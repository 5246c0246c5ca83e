"""Where ETF works and on which days."""

from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext as _

from casework.admin.audited import Audited, HoursFormSet, SettingsForm
from casework.admin.effects import ShowsEffect
from casework.admin.site import site
from casework.core import clock
from casework.households.actions import recompute_terms
from casework.messaging.checks import IN_MESSAGES, MOST_PARTS, betrayed_by, betrays, longer_at
from casework.places.models import Area, CalendarDay, Location, OpeningHours


class LocationForm(SettingsForm):
    """Name, address and directions stand in messages: what may not stand in those may not stand here (R-41)."""

    def _post_clean(self):
        super()._post_clean()
        typed = [name for name in IN_MESSAGES if name in self.changed_data and name not in self.errors]
        if not typed:
            return
        found = betrayed_by(self.instance)
        for name in typed:
            for word in found.get(name, ()):
                self.add_error(name, betrays(word))
        longer = longer_at(self.instance, clock.today()) if "name" in typed else []
        for one in longer:
            if one.parts > MOST_PARTS:
                self.add_error("name", _("Too long: “%(text)s” would take %(parts)s text messages.")
                               % {"text": one.name, "parts": one.parts})  # fmt: skip


class OpeningHoursInline(admin.TabularInline):
    model = OpeningHours
    formset = HoursFormSet
    form = SettingsForm
    extra = 0


@admin.register(Location, site=site)
class LocationAdmin(ShowsEffect, Audited):
    form = LocationForm
    list_display = ["name", "code", "kind", "area", "active"]
    list_filter = ["active", "kind"]
    list_select_related = ["area"]
    inlines = [OpeningHoursInline]

    def stops(self, obj):
        found = []
        if not obj.hours.exists():
            found.append(_("Without opening hours the planner shows no times at %(name)s.") % {"name": obj})
        # A word may have come on the list, and a text may have grown, after this was saved.
        betraying = [word for words in betrayed_by(obj).values() for word in words]
        if betraying:
            found.append(_("In it stands by now a forbidden word: %(words)s") % {"words": ", ".join(betraying)})
        if longer := longer_at(obj, clock.today()):
            found.append(_("With this name more than one text message goes out for: %(texts)s. A shorter name saves one.")
                         % {"texts": "; ".join(one.name for one in longer)})  # fmt: skip
        if obj.self_cancel and not settings.ETF_ADDRESS:
            found.append(_("Residents can only cancel with a reply: ETF does not know its own address (ETF_ADDRESS)."))
        return found


@admin.register(Area, site=site)
class AreaAdmin(Audited):
    list_display = ["name", "active"]


@admin.register(CalendarDay, site=site)
class CalendarDayAdmin(ShowsEffect, Audited):
    """Changing a day lets the open terms follow at once (R-04)."""

    list_display = ["date", "name", "working_day", "closed"]
    list_filter = ["closed", "working_day"]
    date_hierarchy = "date"

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        recompute_terms(by=request.user, now=clock.now())

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        recompute_terms(by=request.user, now=clock.now())
