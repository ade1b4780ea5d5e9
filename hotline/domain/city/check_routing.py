"""routing.yaml and promises.yaml: every category has its way and its promise."""

from django.utils.translation import gettext as _

from hotline.domain.city.check_agencies import SHOWN, no_place
from hotline.domain.city.model import Promise, Rule
from hotline.domain.city.schema import AgencyLine
from hotline.domain.city.shapes import KnownPlaces, Shapes

ROUTING = "routing.yaml"
PROMISES = "promises.yaml"
CATEGORIES = "categories.yaml"


def check(shapes: Shapes, places: KnownPlaces | None) -> None:
    _check_rules(shapes, places)
    _check_each_has_a_way(shapes)
    _check_promises(shapes)
    _check_each_has_a_promise(shapes)


def _check_rules(shapes: Shapes, places: KnownPlaces | None) -> None:
    if shapes.routing is None:
        return
    caught: set[str] = set()
    complain = shapes.folder.complain
    for index, rule in enumerate(shapes.routing.rules):
        path = ("rules", index)
        _check_categories(shapes, ROUTING, path, rule.categories)
        if not rule.categories:
            complain(ROUTING, (*path, "categories"), _("Name at least one category."))
        elif set(rule.categories) <= caught:
            complain(
                ROUTING,
                path,
                _("This rule is never reached: rules above take all of its categories."),
            )
        if not rule.places:
            caught |= set(rule.categories)
        for number, code in enumerate(rule.places):
            if places is not None and code not in places.names:
                complain(ROUTING, (*path, "places", number), no_place(code))
        if (rule.agency is None) == (rule.kind is None):
            complain(ROUTING, path, _("A rule names either an “agency” or a “kind” of agency."))
        _check_target(shapes, places, index, rule)


def _check_target(shapes: Shapes, places: KnownPlaces | None, index: int, rule: Rule) -> None:
    if shapes.agencies is None:
        return
    agencies, complain = shapes.agencies.agencies, shapes.folder.complain
    codes = {agency.code for agency in agencies}
    if rule.agency is not None and rule.agency not in codes:
        complain(
            ROUTING,
            ("rules", index, "agency"),
            _("There is no agency “%(code)s” in agencies.yaml.") % {"code": rule.agency},
        )
    if rule.kind is None:
        return
    of_kind = [agency for agency in agencies if agency.kind == rule.kind]
    where = ("rules", index, "kind")
    if not of_kind:
        complain(
            ROUTING,
            where,
            _("There is no agency of the kind “%(kind)s” in agencies.yaml.") % {"kind": rule.kind},
        )
    elif places is not None and (left := _unserved(of_kind, places, rule.places)):
        complain(
            ROUTING,
            where,
            _("No agency of the kind “%(kind)s” serves: %(places)s.")
            % {"kind": rule.kind, "places": ", ".join(left)},
        )


def _unserved(agencies: list[AgencyLine], places: KnownPlaces, only: tuple[str, ...]) -> list[str]:
    """Names of places that people may choose and that none of the agencies serves."""
    served: set[str] = set()
    for agency in agencies:
        if agency.serves == "all":
            return []
        served.update(agency.serves)
    left = [
        code
        for code in sorted(places.smallest)
        if not served & set(_chain(code)) and (not only or set(only) & set(_chain(code)))
    ]
    names = [places.names[code] for code in left[:SHOWN]]
    return [*names, "…"] if len(left) > SHOWN else names


def _chain(code: str) -> list[str]:
    """A code and the codes of what it lies in: codes of places are joined by dots."""
    parts = code.split(".")
    return [".".join(parts[:end]) for end in range(len(parts), 0, -1)]


def _check_categories(
    shapes: Shapes, file: str, path: tuple[str | int, ...], categories: tuple[str, ...]
) -> None:
    known = shapes.category_keys()
    for number, category in enumerate(categories):
        if known is not None and category not in known:
            shapes.folder.complain(
                file,
                (*path, "categories", number),
                _("There is no category “%(key)s” in categories.yaml.") % {"key": category},
            )


def _check_each_has_a_way(shapes: Shapes) -> None:
    if shapes.routing is None or shapes.categories is None:
        return
    named = {
        category for rule in shapes.routing.rules if not rule.places for category in rule.categories
    }
    for index, category in enumerate(shapes.categories.categories):
        if category.key not in named:
            shapes.folder.complain(
                CATEGORIES,
                ("categories", index, "key"),
                _("No rule in routing.yaml takes the category “%(key)s” to an agency.")
                % {"key": category.key},
            )


def _check_promises(shapes: Shapes) -> None:
    if shapes.promises is None:
        return
    seen: set[str] = set()
    for index, promise in enumerate(shapes.promises.promises):
        path = ("promises", index)
        _check_categories(shapes, PROMISES, path, promise.categories)
        for number, category in enumerate(promise.categories):
            if category in seen:
                shapes.folder.complain(
                    PROMISES,
                    (*path, "categories", number),
                    _("Another promise names the category “%(key)s” already.") % {"key": category},
                )
            seen.add(category)
        ways = [bool(promise.categories), promise.priority is not None, promise.default]
        if sum(ways) != 1:
            shapes.folder.complain(
                PROMISES,
                path,
                _("A promise holds for “categories”, for a “priority”, or as “default: true”."),
            )
        _check_terms(shapes, path, promise)


def _check_terms(shapes: Shapes, path: tuple[str | int, ...], promise: Promise) -> None:
    bounds = (
        ("forward_minutes", promise.forward_minutes, 7 * 24 * 60),
        ("news_minutes", promise.news_minutes, 30 * 24 * 60),
        ("answer_days", promise.answer_days, 365),
    )
    for name, value, most in bounds:
        if value is not None and not 1 <= value <= most:
            shapes.folder.complain(
                PROMISES,
                (*path, name),
                _("“%(name)s” must lie between %(least)s and %(most)s.")
                % {"name": name, "least": 1, "most": most},
            )


def _check_each_has_a_promise(shapes: Shapes) -> None:
    if shapes.promises is None or shapes.categories is None:
        return
    promises = shapes.promises.promises
    if sum(promise.default for promise in promises) != 1:
        shapes.folder.complain(
            PROMISES,
            ("promises",),
            _("Exactly one promise must be the “default: true”, for all that has no other."),
        )
    priorities = [promise.priority for promise in promises if promise.priority is not None]
    for priority in sorted(set(priorities)):
        if priorities.count(priority) > 1:
            shapes.folder.complain(
                PROMISES,
                ("promises",),
                _("Two promises hold for the priority “%(priority)s”.")
                % {"priority": priority.value},
            )
