"""A running system takes a changed city folder by itself, and refuses a broken one."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from hotline.domain.city.folder import digest, signature
from hotline.domain.city.models import CityVersion
from hotline.domain.city.services import forgive
from hotline.usecases.publish_city import Published, publish_city

log = logging.getLogger(__name__)
SETTLED = timedelta(seconds=1)  # somebody may still be writing
TRY_AGAIN = timedelta(minutes=1)


@dataclass(slots=True)
class FolderWatch:
    """Looks at one folder again and again; remembers what it saw, nothing else."""

    cities: Path
    name: str
    with_voice: bool
    _seen: tuple[tuple[str, int, int], ...] | None = None
    _since: datetime | None = None
    _done: bool = field(default=False)
    _not_before: datetime | None = None

    def take_changed_folder(self, *, now: datetime) -> Published | None:
        """Publishes or refuses the folder once it has been still for a second; None if there
        was nothing to do. Call it every second or so."""
        folder = self.cities / self.name
        found = signature(folder)
        if found != self._seen:
            self._seen, self._since, self._done, self._not_before = found, now, False, None
        if self._done or self._since is None or now - self._since < SETTLED:
            return None
        if self._not_before is not None and now < self._not_before:
            return None
        if not folder.is_dir() or self._stands(folder):
            self._done = True
            return None
        published = publish_city(
            cities=self.cities, name=self.name, with_voice=self.with_voice, now=now
        )
        self._done = not published.again
        self._not_before = now + TRY_AGAIN if published.again else None
        if published.version is None:
            log.error("The folder of the city was refused: %d problems", len(published.problems))
        return published

    def _stands(self, folder: Path) -> bool:
        """Whether there is nothing to do. Another city may have been made current on purpose:
        that one is left alone."""
        current = CityVersion.objects.filter(current=True).first()
        if current is None:
            return False
        if current.name == self.name and current.digest == digest(folder):
            forgive(name=self.name)
            return True
        return current.name != self.name
