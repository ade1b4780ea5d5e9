"""What tests of citizens' pages share."""

import pytest
from django.test import Client

from hotline.domain.city.model import City
from tests.edges.portal.paper import Citizen


@pytest.fixture
def citizen(client: Client, city: City) -> Citizen:
    """Somebody with a browser, on the branch for people in hardship."""
    return Citizen(client)
