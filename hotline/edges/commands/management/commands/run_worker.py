"""The worker process: jobs, what calls left to write up, the watch on the city's folder, a sign
of life."""

import logging
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections, connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from hotline.domain.nodes.services import beat
from hotline.edges.jobs.tasks import STALLED_AFTER_S
from hotline.usecases.clear_spool import clear_spool
from hotline.usecases.take_changed_folder import FolderWatch
from hotline.usecases.write_up import AT_ONCE, write_up

CONCURRENCY = 4
POLL_S = 5.0
"""A new job is notified and begins at once; this is for retries, whose time simply comes, and
for a notice that was lost with its connection."""
BEAT_S = 2.0
WATCH_S = 1.0
WRITE_S = 1.0
"""Calls end a few at a time; what is written together costs a fraction."""
log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Runs jobs, takes changed city folders, tells that it lives."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        env = settings.ENV
        watch = FolderWatch(cities=env.cities, name=env.city, with_voice=env.phone)
        sides = [
            _every(BEAT_S, _beat, stop, name="heartbeat"),
            _every(WRITE_S, _Writing(), stop, name="writing up"),
            _every(WATCH_S, lambda: _look(watch), stop, name="city watcher"),
        ]
        connector = app.connector
        assert isinstance(connector, DjangoConnector)  # noqa: S101
        try:
            with app.replace_connector(connector.get_worker_connector()) as worker_app:
                worker_app.run_worker(
                    concurrency=CONCURRENCY,
                    fetch_job_polling_interval=POLL_S,
                    update_heartbeat_interval=STALLED_AFTER_S / 3,
                    stalled_worker_timeout=STALLED_AFTER_S,
                    shutdown_graceful_timeout=5,
                )
        finally:
            stop.set()
            for side in sides:
                side.join(timeout=5)


def _every(
    seconds: float, act: Callable[[], None], stop: threading.Event, *, name: str
) -> threading.Thread:
    """Acts again and again until stopped. What fails is logged and tried again: a side that
    ended in silence would not be missed."""

    def run() -> None:
        while not stop.wait(seconds):
            close_old_connections()
            try:
                act()
            except DatabaseError as error:
                log.warning("%s: the database is not there (%s)", name, type(error).__name__)
            except Exception:
                log.exception("%s failed", name)
        connection.close()

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread


class _Writing:
    """What the calls left; before the first look also what a killed worker left in clear."""

    def __init__(self) -> None:
        self._cleared = False

    def __call__(self) -> None:
        if not self._cleared:
            clear_spool()
            self._cleared = True
        while write_up(now=datetime.now(UTC)) >= AT_ONCE:
            pass  # there is more than one look takes


def _beat() -> None:
    beat(process="worker", node=socket.gethostname(), now=datetime.now(UTC))


def _look(watch: FolderWatch) -> None:
    watch.take_changed_folder(now=datetime.now(UTC))
