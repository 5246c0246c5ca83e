"""`manage.py etf_rekey`: encrypt everything with the first key of the ring, so that older keys can go."""

from collections import defaultdict

from django.core.management.base import BaseCommand, CommandError

from casework.core import clock, rekey


class Command(BaseCommand):
    help = (
        "Write everything encrypted with the first key of ETF_BSN_KEYS, and fingerprints with ETF_BSN_HMAC_KEY."
        " Safe to repeat and to break off."
    )

    def add_arguments(self, parser):
        parser.add_argument("--batch", type=int, default=rekey.BATCH, help="rows per transaction")

    def handle(self, *, batch, **options):
        if batch < 1:
            raise CommandError("A batch has at least one row.")
        total, unreadable = defaultdict(lambda: [0, 0]), 0
        for one in rekey.rekey(now=clock.now(), size=batch):
            total[one.table][0] += one.seen
            total[one.table][1] += one.renewed
            unreadable += one.unreadable
        for table, (seen, renewed) in total.items():
            self.stdout.write(f"{table}: {renewed} of {seen} written anew")
        if unreadable:
            raise CommandError(f"{unreadable} rows are not readable with any key of the ring: keep the older keys.")
        self.stdout.write("Everything is encrypted with the first key: the others can go.")
