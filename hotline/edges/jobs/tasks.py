"""The jobs, by the names under which use cases defer them."""

import functools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import ParamSpec
from uuid import UUID

from django.db import connection
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from hotline.usecases import end_left_reports as leaving
from hotline.usecases import keep_recording as keeping
from hotline.usecases import note_late_cases as lateness

# A worker that has not shown itself for so long is dead, and its jobs are taken up again.
STALLED_AFTER_S = 15.0
P = ParamSpec("P")


def _fresh_connection(job: Callable[P, None]) -> Callable[P, None]:
    """Each job has a connection of its own: the threads that run jobs come and go, and a
    database that was restarted is met afresh."""

    @functools.wraps(job)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            job(*args, **kwargs)
        finally:
            connection.close()

    return wrapped


# A full disk or a lost database passes: tried for about two days before it counts as failed.
@app.task(
    name="keep_recording",
    retry=RetryStrategy(max_attempts=17, exponential_wait=2),
)
@_fresh_connection
def keep_recording(recording: str) -> None:
    keeping.keep_recording(recording=UUID(recording), now=datetime.now(UTC))


@app.periodic(cron="* * * * *")
@app.task(name="note_late_cases", queueing_lock="note_late_cases", lock="note_late_cases")
@_fresh_connection
def note_late_cases(timestamp: int) -> None:
    lateness.note_late_cases(now=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="*/10 * * * *")
@app.task(name="end_left_reports", queueing_lock="end_left_reports", lock="end_left_reports")
@_fresh_connection
def end_left_reports(timestamp: int) -> None:
    leaving.end_left_reports(now=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="* * * * * */15")
@app.task(name="retry_stalled_jobs", queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Jobs of a worker that was killed."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_S):
        await manager.retry_job(job)
    await manager.delete_old_jobs(nb_hours=24)
