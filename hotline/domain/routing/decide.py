"""Which agency gets a case, and why, in words. Pure: the city's table and nothing else."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from hotline.core.errors import NotFound
from hotline.dialogue.script import Wording
from hotline.domain.city.model import City, CityAgency, Rule

MISSING_CATEGORY = gettext_noop("It is not known yet what the case is about.")
MISSING_PLACE = gettext_noop(
    "The place is not known well enough yet: the ward or the district is missing."
)
NO_RULE = gettext_noop("No routing rule names this category. An operator chooses the agency.")
NO_AGENCY_HERE = gettext_noop(
    "No agency is named for this place and category. An operator chooses the agency."
)
UNKNOWN_AGENCY = gettext_noop(
    "The routing rule names an agency that this city does not have. An operator chooses."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """``agency``: its code, or None while the case stays in triage. ``reason``: words by
    language, why this agency or what is missing. ``missing``: ``category``, ``place``,
    ``rule``, ``agency``."""

    agency: str | None
    reason: Wording
    missing: tuple[str, ...] = ()


def decide(*, city: City, category: str | None, places: tuple[str, ...]) -> Decision:
    """``places``: the code of the case's place and of its ancestors, nearest first; empty
    while the place is unknown.

    The first rule that names the category decides. A rule that cannot run (the place is
    missing, nobody serves it) ends the search and shows as the reason: a later, more general
    rule must not hide that.
    """
    if category is None:
        return _undecided(city, MISSING_CATEGORY, "category")
    for rule in city.rules:
        if category not in rule.categories:
            continue
        if rule.needs_place and not places:
            return _undecided(city, MISSING_PLACE, "place")
        if rule.places and not set(rule.places) & set(places):
            continue
        return _apply(city, rule, places)
    return _undecided(city, NO_RULE, "rule")


def _apply(city: City, rule: Rule, places: tuple[str, ...]) -> Decision:
    if rule.agency is not None:
        try:
            city.agency(rule.agency)
        except NotFound:
            return _undecided(city, UNKNOWN_AGENCY, "agency")
        return Decision(agency=rule.agency, reason=rule.reason)
    agency = serving(city, kind=rule.kind or "", places=places)
    if agency is not None:
        return Decision(agency=agency.code, reason=rule.reason)
    narrower = any(
        served.startswith(f"{places[0]}.")
        for other in city.agencies
        if other.kind == rule.kind
        for served in other.serves or ()
    )
    if narrower:  # only the province was given: the rule could run with a smaller unit
        return _undecided(city, MISSING_PLACE, "place")
    return _undecided(city, NO_AGENCY_HERE, "agency")


def serving(city: City, *, kind: str, places: tuple[str, ...]) -> CityAgency | None:
    """The agency of a kind for a place: of the smallest unit that any of them serves."""
    agencies = [agency for agency in city.agencies if agency.kind == kind]
    for place in places:
        for agency in agencies:
            if agency.serves is not None and place in agency.serves:
                return agency
    return next((agency for agency in agencies if agency.serves is None), None)


def _undecided(city: City, sentence: str, *missing: str) -> Decision:
    return Decision(agency=None, reason=_in_each_language(city, sentence), missing=missing)


def _in_each_language(city: City, sentence: str) -> Wording:
    reason: dict[str, str] = {}
    for language in city.languages:
        with override(language):
            reason[language] = _(sentence)
    return reason
