"""Jobs are deferred by name, in the transaction of the use case that wants them."""

from procrastinate.contrib.django import app


def defer(name: str, **arguments: str | int) -> None:
    """The job runs once the present transaction is committed, and only then."""
    app.configure_task(name).defer(**arguments)
