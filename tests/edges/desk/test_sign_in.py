"""Staff sign in with the account that somebody made for them."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from hotline.domain.city.model import City
from tests.people import People

pytestmark = pytest.mark.django_db


def sign_in(client: Client, username: str, password: str) -> int:
    form = {"login": username, "password": password}
    return client.post(reverse("account_login"), form).status_code


def test_the_right_password_opens_the_desk_and_signing_out_closes_it(
    client: Client, people: People
) -> None:
    name = people.operator.username
    assert sign_in(client, name, f"{name} password 1022") == 302
    page = client.get(reverse("home_of_role"), follow=True)
    assert page.redirect_chain[-1][0] == reverse("desk:inbox")
    assert name in page.content.decode()
    assert client.get(reverse("account_logout")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("desk:inbox")).status_code == 302


def test_the_header_names_the_agency_of_an_officer(client: Client, people: People) -> None:
    client.force_login(
        people.officer, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert people.officer.officer.agency.name["vi"] in client.get("/agency/").content.decode()


def test_a_wrong_password_says_so_and_keeps_the_name(client: Client, people: People) -> None:
    name = people.operator.username
    page = client.post(reverse("account_login"), {"login": name, "password": "wrong password"})
    assert page.status_code == 200
    assert f'value="{name}"' in page.content.decode()
    assert 'role="alert"' in page.content.decode()
    assert "wrong password" not in page.content.decode()


def test_who_guesses_passwords_is_locked_out(client: Client, people: People) -> None:
    name = people.operator.username
    answers = [sign_in(client, name, "guess") for _ in range(9)]
    assert answers[0] == 200
    assert answers[-1] == 429
    right = f"{name} password 1022"
    assert sign_in(client, name, right) == 429
    assert sign_in(client, name.upper(), right) == 429


def test_who_was_signed_out_in_the_middle_of_writing_gets_the_words_back(
    client: Client, people: People
) -> None:
    form = {"seen_version": "1", "text": "Đã viết <b>dài</b>"}
    page = client.post("/desk/case/123456789/note/", form)
    assert page.status_code == 401
    assert "Đã viết &lt;b&gt;dài&lt;/b&gt;</textarea>" in page.content.decode()
    assert client.get("/desk/waiting/", HTTP_HX_REQUEST="true").content == b""


def test_nobody_signs_up(client: Client, city: City) -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    assert client.get("/account/signup/").status_code == 404


def test_one_changes_the_own_password(client: Client, people: People) -> None:
    client.force_login(
        people.operator, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    address = reverse("account_change_password")
    old = f"{people.operator.username} password 1022"
    new = {"oldpassword": "no", "password1": "bốn con mèo đen 9", "password2": "bốn con mèo đen 9"}
    refused = client.post(address, new)
    assert refused.status_code == 200
    assert 'role="alert"' in refused.content.decode()
    assert client.post(address, new | {"oldpassword": old}).status_code == 302
    people.operator.refresh_from_db()
    assert people.operator.check_password("bốn con mèo đen 9")
