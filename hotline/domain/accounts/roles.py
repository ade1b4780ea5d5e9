"""What a role may do, in one place."""

from hotline.domain.accounts.models import Role, User

DESK = frozenset({Role.OPERATOR, Role.SUPERVISOR, Role.ADMINISTRATOR})
OVERSIGHT = frozenset({Role.OBSERVER})


def at_the_desk(user: User) -> bool:
    """Sees every case and acts on it."""
    return user.is_active and user.role in DESK


def is_officer(user: User) -> bool:
    """Sees and acts on the cases of one agency."""
    return user.is_active and user.role == Role.OFFICER


def is_observer(user: User) -> bool:
    """Sees every case without personal data, changes nothing."""
    return user.is_active and user.role in OVERSIGHT
