"""`manage.py etf_demo`: a demonstration city, and the logins that go with it."""

from django.core.management.base import BaseCommand, CommandError

from casework.core import clock
from casework.core.refusals import Refused
from casework.exchange.actions import demo
from casework.households.models import Household


class Command(BaseCommand):
    help = "Fill an empty database with invented households, appointments, messages and debt files."

    def add_arguments(self, parser):
        parser.add_argument("--households", type=int, default=300, help="how many households (default 300)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same city (default 1)")
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there are households already")
        parser.add_argument("--logins", action="store_true", help="only print one login per role")

    def handle(self, *, households, seed, if_empty, logins, **options):
        try:
            demo.may_run()
            if logins:
                self._print_logins()
            elif not (if_empty and Household.objects.exists()):
                made = demo.load_demo(households=households, seed=seed, now=clock.now())
                self.stdout.write(
                    f"Made {made.households} households, {made.appointments} appointments, {made.messages} messages "
                    f"and {made.debt_files} debt files."
                )
        except Refused as refused:
            raise CommandError(str(refused)) from refused

    def _print_logins(self):
        self.stdout.write(f"Log in with one of these names and the password {demo.PASSWORD}:")
        for username, role, name in demo.LOGINS:
            self.stdout.write(f"  {username:8} {role.value:16} {name}")
