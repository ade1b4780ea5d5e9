"""Jobs commit with what they belong to, and survive the worker that ran them."""

from datetime import datetime
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from hotline.domain.city.model import City
from hotline.domain.contacts.models import Recording, RecordingState
from hotline.usecases.jobs import defer
from tests import stories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_jobs(transactional_db: None) -> None:
    """Procrastinate's tables are not Django's, so that no test empties them."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def run_worker() -> None:
    """Runs what is to be run, as the worker process does, and comes back. Without the jobs
    of the clock: the minute in which a test happens to run must not matter."""
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with (
        app.replace_connector(connector) as worker_app,
        patch.dict(worker_app.periodic_registry.periodic_tasks, clear=True),
    ):
        worker_app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def leave_jobs(now: datetime) -> None:
    """A call with two recordings, and a job for each."""
    stories.voice_report(now)
    for recording in Recording.objects.values_list("pk", flat=True):
        defer("keep_recording", recording=str(recording))


def test_the_worker_does_the_jobs_that_wait(city: City, now: datetime) -> None:
    leave_jobs(now)
    run_worker()
    assert set(Recording.objects.values_list("state", flat=True)) == {RecordingState.KEPT}
    assert ProcrastinateJob.objects.filter(status="succeeded").count() == 2


def test_a_job_goes_with_the_transaction_that_wanted_it(db: None) -> None:
    with transaction.atomic():
        defer("keep_recording", recording="00000000-0000-0000-0000-000000000000")
        transaction.set_rollback(True)
    assert not ProcrastinateJob.objects.exists()


def test_a_job_of_a_worker_that_was_killed_is_done_by_the_next(city: City, now: datetime) -> None:
    leave_jobs(now)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - interval '1 hour') RETURNING id"
        )
        ((dead,),) = cursor.fetchall()
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s"
            " WHERE task_name = 'keep_recording'",
            [dead],
        )
    run_worker()
    assert Recording.objects.filter(state=RecordingState.SPOOLED).count() == 2
    defer("retry_stalled_jobs", timestamp=int(now.timestamp()))
    run_worker()
    assert Recording.objects.filter(state=RecordingState.KEPT).count() == 2


def test_a_failure_is_tried_again_later(city: City, now: datetime) -> None:
    leave_jobs(now)
    recording = Recording.objects.get(slot="place")
    plain = stories.spool_file(recording.name)
    sound = plain.read_bytes()
    plain.unlink()
    plain.mkdir()  # cannot be read: an OSError that is no missing file
    run_worker()
    recording.refresh_from_db()
    assert recording.state == RecordingState.SPOOLED
    waiting = ProcrastinateJob.objects.get(status="todo", task_name="keep_recording")
    assert waiting.attempts == 1
    plain.rmdir()
    plain.write_bytes(sound)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
    run_worker()
    recording.refresh_from_db()
    assert recording.state == RecordingState.KEPT
