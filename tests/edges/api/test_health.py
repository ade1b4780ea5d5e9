"""/healthz says which part is up, and why not."""

from datetime import UTC, datetime
from unittest import mock

import pytest
from django.db import OperationalError
from django.test import Client

from hotline.domain.city.model import City
from hotline.domain.nodes.services import beat

pytestmark = pytest.mark.django_db


def test_healthy_is_200(client: Client, city: City) -> None:
    for process in ("live", "worker"):
        beat(process=process, node="a", now=datetime.now(UTC))
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {
        "ok": True,
        "parts": {
            "web": {"up": True, "why": ""},
            "postgres": {"up": True, "why": ""},
            "city": {"up": True, "why": ""},
            "live": {"up": True, "why": ""},
            "worker": {"up": True, "why": ""},
        },
    }


def test_a_part_that_never_came_is_503_and_named(client: Client, city: City) -> None:
    response = client.get("/healthz")
    assert response.status_code == 503
    worker = response.json()["parts"]["worker"]
    assert worker == {"up": False, "why": "no sign of life yet"}


def test_without_a_database_it_still_answers(client: Client) -> None:
    with mock.patch("hotline.edges.api.health.parts", side_effect=OperationalError("gone")):
        response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["parts"]["postgres"]["up"] is False


def test_nobody_posts_there(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
