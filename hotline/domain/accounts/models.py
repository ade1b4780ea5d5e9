from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    OPERATOR = "operator", _("operator")
    SUPERVISOR = "supervisor", _("supervisor")
    OFFICER = "officer", _("officer")
    OBSERVER = "observer", _("observer")
    ADMINISTRATOR = "administrator", _("administrator")


class User(AbstractUser):
    """Somebody who signs in. What they may see follows from the role (and, for officers,
    from their agency, see ``agencies.Officer``)."""

    role = models.CharField(max_length=20, choices=Role.choices, default=Role.OPERATOR)

    @property
    def display_name(self) -> str:
        return self.get_full_name() or self.get_username()
