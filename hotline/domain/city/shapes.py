"""A folder's files in their shapes, as far as each has one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hotline.dialogue.script import Script
from hotline.domain.city.folder import Folder
from hotline.domain.city.schema import (
    AgenciesFile,
    BranchesFile,
    CalendarFile,
    CategoriesFile,
    CityFile,
    PromisesFile,
    RecordingsFile,
    RoutingFile,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPlaces:
    """What the check must know of places. ``provinces``: every code that can be loaded;
    ``names``: name by code of what the city loads; ``smallest``: codes of the units that
    people choose from and that hold no other."""

    provinces: frozenset[str]
    names: Mapping[str, str]
    smallest: frozenset[str]


@dataclass(slots=True)
class Shapes:
    """None (or absent from ``scripts``): the file is missing or broken, which was said.
    ``scripts`` is by file name."""

    folder: Folder
    city: CityFile | None = None
    branches: BranchesFile | None = None
    categories: CategoriesFile | None = None
    agencies: AgenciesFile | None = None
    routing: RoutingFile | None = None
    promises: PromisesFile | None = None
    calendar: CalendarFile | None = None
    recordings: RecordingsFile | None = None
    scripts: dict[str, Script] = field(default_factory=dict)
    all_scripts_read: bool = True

    def languages(self) -> tuple[str, ...]:
        """Those of the city; where city.yaml is broken elsewhere, what it says of them. Empty
        if that is not known."""
        if self.city is not None:
            return self.city.languages
        file = self.folder.files.get("city.yaml")
        said = file.data.get("languages") if file is not None else None
        named = [one for one in said if isinstance(one, str)] if isinstance(said, list) else []
        return tuple(named)

    def category_keys(self) -> set[str] | None:
        """None while the file of categories is broken: then nobody can say what is unknown."""
        if self.categories is None:
            return None
        return {category.key for category in self.categories.categories}

    def script_keys(self) -> set[str] | None:
        return {script.key for script in self.scripts.values()} if self.all_scripts_read else None
