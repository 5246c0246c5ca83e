"""Which household an address is about."""

from django.shortcuts import get_object_or_404

from casework.core.models import User
from casework.households.models import Household


def get_household(user: User, case_number: str) -> Household:
    """A household that this user may see, with what the identity bar shows, or 404."""
    return get_object_or_404(Household.objects.visible_to(user).with_identity(), case_number=case_number)
