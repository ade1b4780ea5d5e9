"""The people of the tests, by role."""

from dataclasses import dataclass

from hotline.domain.accounts.models import Role, User
from hotline.domain.agencies.models import Agency
from hotline.domain.agencies.services import appoint

CITIZEN = "0901234567"
CITIZEN_E164 = "+84901234567"
NEIGHBOUR = "0912345678"


@dataclass(frozen=True)
class People:
    """Everybody who signs in. ``officer`` works for the agency that serves ``HOME`` (see
    ``stories``), ``other_officer`` for the agency of another district."""

    operator: User
    second_operator: User
    supervisor: User
    officer: User
    other_officer: User
    observer: User
    administrator: User


def make_people(*, agency: str, other_agency: str) -> People:
    officer = _user("an.officer", Role.OFFICER)
    other_officer = _user("binh.officer", Role.OFFICER)
    appoint(user=officer, agency=Agency.objects.get(code=agency))
    appoint(user=other_officer, agency=Agency.objects.get(code=other_agency))
    return People(
        operator=_user("chi.operator", Role.OPERATOR),
        second_operator=_user("dung.operator", Role.OPERATOR),
        supervisor=_user("em.supervisor", Role.SUPERVISOR),
        officer=officer,
        other_officer=other_officer,
        observer=_user("giang.observer", Role.OBSERVER),
        administrator=_user("hoa.administrator", Role.ADMINISTRATOR),
    )


def _user(username: str, role: Role) -> User:
    user = User.objects.create_user(username=username, password=f"{username} password 1022")
    user.role = role
    user.save(update_fields=["role"])
    return user
