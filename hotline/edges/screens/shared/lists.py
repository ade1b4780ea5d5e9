"""Lists of cases as staff see them: tabs with counts, rows in words, pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from hotline.domain.accounts.models import User
from hotline.domain.cases import codes, inbox
from hotline.domain.cases.inbox import CaseRow, Tab
from hotline.domain.city.selectors import city_of
from hotline.edges.screens.shared.casepage import category_words

DIGITS = "0123456789"


class CodeConverter:
    """A tracking code in an address; anything else is no address of ours."""

    regex = f"[0-9]{{{codes.LENGTH}}}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for; the first tab and page for anything unknown. ``code`` is
    the beginning of the codes to list."""

    tab: Tab
    page: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowShown:
    """A line of the list with the city's words for what it is about."""

    row: CaseRow
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TabShown:
    tab: Tab
    label: str
    count: int


def asked(query: QueryDict, tabs: Mapping[Tab, Any]) -> Asked:
    """``tabs``: those that the page has, the default first."""
    tab = query.get("tab", "")
    return Asked(
        tab=Tab(tab) if tab in tabs else next(iter(tabs)),
        page=whole(query.get("page", ""), 1),
        code="".join(digit for digit in query.get("code", "") if digit in DIGITS)[: codes.LENGTH],
    )


def whole(text: str, default: int) -> int:
    """A number of an address or a form; ``default`` for anything that is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else default


def written(form: QueryDict, name: str) -> str:
    """What stands in a field, without the one character that PostgreSQL has no place for."""
    return form.get(name, "").replace("\0", "")


def list_context(
    user: User, query: QueryDict, tabs: Mapping[Tab, Any], *, now: datetime
) -> dict[str, Any]:
    """What ``shared/caselist.html`` takes."""
    wanted = asked(query, tabs)
    page = inbox.inbox(user, tab=wanted.tab, now=now, page=wanted.page, code=wanted.code)
    kept = {"tab": wanted.tab, "code": wanted.code} if wanted.code else {"tab": wanted.tab}
    return {
        "tab": wanted.tab,
        "tabs": _tabs(user, tabs, now),
        "page": page,
        "rows": [
            RowShown(row=row, category=category_words(city_of(row.city_version), row.category))
            for row in page.rows
        ],
        "code": wanted.code,
        "query": urlencode(kept),
        "now": now,
    }


def counts_context(
    user: User, query: QueryDict, tabs: Mapping[Tab, Any], *, now: datetime
) -> dict[str, Any]:
    """What ``shared/tabs.html`` takes. ``changed``: the list that shows ``seen`` cases is old."""
    tab = asked(query, tabs).tab
    shown = _tabs(user, tabs, now)
    seen = whole(query.get("seen", ""), -1)
    changed = seen >= 0 and any(one.tab is tab and one.count != seen for one in shown)
    return {"tab": tab, "tabs": shown, "changed": changed}


def _tabs(user: User, tabs: Mapping[Tab, Any], now: datetime) -> list[TabShown]:
    count = inbox.counts(user, now=now)
    return [TabShown(tab=tab, label=str(label), count=count[tab]) for tab, label in tabs.items()]
