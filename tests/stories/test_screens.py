"""Every screen of every role, in a real browser: axe-core finds nothing, nothing scrolls sideways, titles differ."""

from collections import defaultdict

import pytest
from django.urls import get_resolver, reverse

from casework.admin import site
from casework.core.models import Role
from casework.places.models import Location
from tests.stories import checks
from tests.stories.screens import (
    DOORS,
    SCREENS,
    SETTINGS,
    SETTINGS_DOORS,
    SETTINGS_OTHER,
    SETTINGS_SCREENS,
    STEPS_OF_A_DECISION,
    STEPS_OF_LOGIN,
)

# Django's own markup of tables with inline rows has an empty heading; everything else of axe holds there too.
LEFT_TO_DJANGO = ("empty-table-header",)


def test_every_address_is_a_screen_or_a_door():
    known = {screen.name for screen in SCREENS} | DOORS | STEPS_OF_LOGIN | STEPS_OF_A_DECISION
    assert {one.name for one in _patterns(get_resolver()) if one.name} == known


def _patterns(resolver):
    for pattern in resolver.url_patterns:
        if not hasattr(pattern, "url_patterns"):
            yield pattern
        elif not pattern.namespace:
            yield from _patterns(pattern)


def test_every_setting_of_the_administrator_is_a_screen():
    assert {f"{model._meta.app_label}_{model._meta.model_name}" for model in site._registry} == set(SETTINGS)
    of_models = {f"{model}_{what}" for model in SETTINGS for what in (*SETTINGS_SCREENS, "delete")}
    of_models |= {
        "casework_thresholdvalue_take_back", "casework_messagetext_approve", "casework_remindermoments_take_back",
        "casework_remindermoments_example", "casework_wordingtrial_approve", "casework_wordingtrial_end",
    }  # fmt: skip
    assert {one.name for one in site.urls[0] if getattr(one, "name", None)} == SETTINGS_DOORS | set(SETTINGS_OTHER)
    assert of_models == {
        one.name for group in site.urls[0] if hasattr(group, "url_patterns") for one in group.url_patterns if one.name
    }


@pytest.mark.parametrize("role", ["", *Role])
def test_screens_of_a_role(role, filled, visit):
    """Wide, and what depends on the template alone also as on a telephone, with the last of its roles."""
    page, faults, titles = visit(role), defaultdict(list), {}
    for screen in (one for one in SCREENS if role in one.roles):
        address = screen.address(filled)
        answer = page.goto(address)
        assert answer.status == 200, address
        found = faults[address]
        found += checks.axe(page) + checks.frame(page) + checks.reflow(page, 360)
        if role == screen.roles[-1]:
            found += (
                checks.axe(page) + checks.small_targets(page) + checks.reflow(page, 320) + checks.text_spacing(page)
            )
        page.set_viewport_size({"width": 1280, "height": 800})
        titles.setdefault(page.title(), set()).add(screen.name)
    faults |= {f"title {title}": sorted(names) for title, names in titles.items() if len(names) > 1}
    assert not checks.report(faults), checks.report(faults)


@pytest.mark.parametrize("role", ["", Role.SUPERVISOR, Role.PARTNER, Role.PRIVACY_OFFICER])
def test_screens_in_english(role, filled, visit):
    """Other words in the same page: they fit, and the page says that they are English."""
    page, faults = visit(role, language="en"), {}
    for screen in (one for one in SCREENS if role in one.roles):
        address = screen.address(filled)
        # The page of a resident speaks the language of the household, unless somebody asks for another.
        page.goto(f"{address}?taal=en" if screen.name == "self_cancel" else address)
        if found := checks.frame(page, "en") + checks.reflow(page, 360):
            faults[address] = found
        page.set_viewport_size({"width": 1280, "height": 800})
    assert not faults, checks.report(faults)


def test_settings_of_the_administrator(filled, visit):
    """First as they are: their own policy and console. Then with axe, whose probing that policy would stop."""
    page, faults = visit(Role.ADMIN), {}
    for address in (one for one in _settings_addresses() if "change" in one or one.count("/") < 4):
        assert page.goto(address).status == 200, address
    page = visit(Role.ADMIN, bypass_csp=True)
    for address in _settings_addresses():
        page.goto(address)
        found = checks.axe(page, without=LEFT_TO_DJANGO) + checks.reflow(page, 360)
        page.set_viewport_size({"width": 1280, "height": 800})
        if found:
            faults[address] = found
    assert not faults, checks.report(faults)


def _settings_addresses() -> list[str]:
    found = [reverse(f"admin:{name}") for name in SETTINGS_OTHER]
    for model in site._registry:
        name, row = f"admin:{model._meta.app_label}_{model._meta.model_name}", model._default_manager.first()
        found += [reverse(f"{name}_changelist"), reverse(f"{name}_add")]
        if row:
            found.append(reverse(f"{name}_change", args=[row.pk]))
    return [*found, reverse("admin:casework_location_history", args=[Location.objects.first().pk])]
