"""The project: settings, addresses, Celery, and what `./run` uses."""
