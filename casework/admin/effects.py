"""A page of settings that shows what saving does to standing appointments before it saves (S25)."""

from casework.appointments.actions import EffectNotSeen, effect_seen
from casework.appointments.models import AppointmentType
from casework.core import clock


class ShowsEffect:
    """For a page whose change may hit appointments or terms: it comes back once, with what it does and *Save anyway*."""

    # One object per page: what several do at once would be done unseen.
    actions = None

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST":
            kind = self.get_object(request, object_id) if object_id and self.model is AppointmentType else None
            try:
                with effect_seen(mark=request.POST.get("effect", ""), kind=kind, now=clock.now()):
                    return super().changeform_view(request, object_id, form_url, extra_context)
            except EffectNotSeen as not_seen:
                request.effect = not_seen.effect
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, **kwargs):
        """Once the effect is to be seen the form holds what was typed, and is not saved."""
        form = super().get_form(request, obj, **kwargs)
        return type(form)("HeldForm", (_Held, form), {}) if hasattr(request, "effect") else form

    def render_change_form(self, request, context, *args, **kwargs):
        if effect := getattr(request, "effect", None):
            context |= {"effect": effect, "errors": []}
        return super().render_change_form(request, context, *args, **kwargs)


class _Held:
    def is_valid(self):
        super().is_valid()
        return False
