"""How the commands on cities print mistakes."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hotline.domain.city.folder import Problem


def lines(name: str, problems: Sequence[Problem]) -> Iterator[str]:
    """``folder/file:line: sentence``, which editors can jump to, and how many there are."""
    for problem in problems:
        place = "/".join(part for part in (name, problem.file) if part)
        if problem.line:
            place = f"{place}:{problem.line}"
        yield f"{place}: {problem.sentence}"
    count = ngettext("%(count)d mistake", "%(count)d mistakes", len(problems))
    yield count % {"count": len(problems)} + ". " + _("Nothing was changed.")
