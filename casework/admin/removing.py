"""Deleting a setting: what is used is not deleted, the page says by what, and offers *Not use any more* (S25)."""

from django.contrib import messages
from django.db import IntegrityError
from django.db.models import ProtectedError
from django.http import QueryDict
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from casework.appointments.actions import EffectNotSeen, effect_seen
from casework.core import clock

# Counting further says nothing more.
MOST_COUNTED = 1000


def uses_of(obj, *, own_parts: set) -> list[str]:
    """What refers to a row, in words with how many; not what is part of it. One query per kind of reference."""
    found = []
    for relation in obj._meta.related_objects:
        model = relation.related_model
        if model in own_parts or model._meta.proxy:
            continue
        number = model._base_manager.filter(**{relation.field.name: obj})[:MOST_COUNTED].count()
        if number:
            name = model._meta.verbose_name if number == 1 else model._meta.verbose_name_plural
            more = "+" if number == MOST_COUNTED else ""
            found.append(f"{number}{more} {name}")
    return found


class SaysWhatUsesIt:
    """In place of Django's list of rows, which would name residents."""

    def own_parts(self) -> set:
        """Models whose rows are part of one of these: they stand on its page and go with it."""
        return {inline.model for inline in self.inlines}

    def why_kept(self, obj) -> list[str]:
        """Why a row cannot be deleted; empty when it can."""
        return [
            _("%(what)s is used: %(uses)s") % {"what": capfirst(str(obj)), "uses": one}
            for one in uses_of(obj, own_parts=self.own_parts())
        ]

    def get_deleted_objects(self, objs, request):
        kept = [why for obj in objs for why in self.why_kept(obj)]
        count = {self.opts.verbose_name_plural: len(objs)}
        return [str(obj) for obj in objs], count, set(), kept

    def delete_view(self, request, object_id, extra_context=None):
        obj = self.get_object(request, object_id)
        can_retire = bool(obj) and getattr(obj, "active", False)
        if can_retire and request.method == "POST" and "_retire" in request.POST:
            return self._retire(request, obj, extra_context)
        context = (extra_context or {}) | {"can_retire": can_retire}
        try:
            with effect_seen(mark=request.POST.get("effect", ""), now=clock.now()):
                return super().delete_view(request, object_id, context)
        except EffectNotSeen as not_seen:
            return self._ask_again(request, object_id, context | {"effect": not_seen.effect})
        except (ProtectedError, IntegrityError):
            # Somebody used it in the meantime: the page says by what.
            return redirect(request.get_full_path())

    def _ask_again(self, request, object_id, context):
        """The page as it was opened, with what deleting or stopping does; nothing is done."""
        request.POST = QueryDict()
        return super().delete_view(request, object_id, context)

    def _retire(self, request, obj, extra_context):
        """*Niet meer gebruiken*: what stands keeps it, what is new is not offered it; its effect is shown first."""
        now = clock.now()
        try:
            with effect_seen(mark=request.POST.get("effect", ""), now=now):
                obj.active = False
                obj.save()
                changed = {"changed": ["active"], "old": {"active": "True"}, "new": {"active": "False"}}
                self._line(request, "change_settings", obj, changed)
        except EffectNotSeen as not_seen:
            return self._ask_again(
                request, str(obj.pk), (extra_context or {}) | {"can_retire": True, "effect": not_seen.effect}
            )
        messages.success(
            request, _("%(what)s is not used any more. What stands keeps it.") % {"what": capfirst(str(obj))}
        )
        return redirect(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_changelist")
