"""The Celery application. Celery only wakes the sweeps; every fact is a row in PostgreSQL."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "etf.settings")
# A pool of connections must not be inherited by prefork children.
os.environ["ETF_DB_POOL"] = "0"

app = Celery("etf")
app.config_from_object("django.conf:settings", namespace="CELERY")
# Plain autodiscovery looks only into installed apps, not into feature packages: name those with tasks.
app.autodiscover_tasks(["casework.core", "casework.appointments", "casework.households", "casework.retention"])
