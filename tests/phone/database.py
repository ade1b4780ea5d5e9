"""This process's Django on the database of a rig, to see what its switchboard writes."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections
from pytest_django import DjangoDbBlocker

from tests.phone.rig import Rig


@contextmanager
def database_of(rig: Rig, blocker: DjangoDbBlocker) -> Iterator[None]:
    here = connections["default"].settings_dict
    before = {key: here[key] for key in rig.django_database()}
    connections.close_all()
    here.update(rig.django_database())
    try:
        with blocker.unblock():
            yield
            connections.close_all()
    finally:
        here.update(before)
