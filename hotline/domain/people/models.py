import uuid

from django.db import models


class Person(models.Model):
    """A reporter or a person in need.

    ``name`` and ``phone`` are sealed (``people.sealing``); ``phone_index`` finds a person by
    number without showing it. Who withholds the number is a person of their own each time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField()
    name = models.BinaryField(null=True)
    phone = models.BinaryField(null=True)
    phone_index = models.BinaryField(null=True, unique=True)

    def __str__(self) -> str:
        return str(self.id)


class PersonKey(models.Model):
    """The person's data key, wrapped under the master key. Deleting this row erases every
    value sealed under it, wherever it stands."""

    person = models.OneToOneField(
        Person, primary_key=True, on_delete=models.CASCADE, related_name="key"
    )
    wrapped = models.BinaryField()

    def __str__(self) -> str:
        return str(self.person_id)
