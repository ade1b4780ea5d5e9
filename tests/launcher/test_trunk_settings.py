"""The way out is closed unless it is opened, and only to the numbers that are named."""

import pytest

from hotline.edges.adapters.telephony.trunk import Trunk, answer_pitch, matches
from launcher import settings
from launcher.asterisk_sections import trunk as section
from launcher.errors import NotPossibleError
from launcher.settings import Settings
from launcher.state import CHECKOUT

CARRIER = "sip:sip.carrier.example:5060"


def checked(**values: str) -> Settings:
    return settings.check(values, checkout=CHECKOUT)


def test_a_demonstration_has_an_exchange_of_its_own_and_others_have_no_way_out() -> None:
    assert checked().trunk.to == "demo"
    assert checked(HOTLINE_TRUNK="none").trunk.to == ""
    real = checked(HOTLINE_DEMO="0")
    assert (real.trunk.to, real.trunk_allow) == ("", ())


def test_a_carrier_needs_the_numbers_that_may_be_dialled() -> None:
    with pytest.raises(NotPossibleError, match="HOTLINE_TRUNK_ALLOW must name"):
        checked(HOTLINE_TRUNK=CARRIER)
    opened = checked(HOTLINE_TRUNK=CARRIER, HOTLINE_TRUNK_ALLOW="115 _0[35789]XXXXXXXX")
    assert opened.trunk_allow == ("115", "_0[35789]XXXXXXXX")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HOTLINE_TRUNK", "carrier.example"),
        ("HOTLINE_TRUNK", "sip:a\ncontext = from-outside"),
        ("HOTLINE_TRUNK_USER", "me\ntype = x"),
        ("HOTLINE_TRUNK_PASSWORD", "a;b"),
        ("HOTLINE_TRUNK_CALLER", "hotline"),
        ("HOTLINE_TRUNK_ALLOW", "everything"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(NotPossibleError, match=name):
        checked(**{name: value})


def test_a_carrier_is_proved_to_with_what_was_given_and_sees_the_hotlines_number() -> None:
    given = checked(
        HOTLINE_TRUNK=CARRIER,
        HOTLINE_TRUNK_ALLOW="115",
        HOTLINE_TRUNK_USER="city",
        HOTLINE_TRUNK_PASSWORD="s3cret",
        HOTLINE_TRUNK_CALLER="0281022",
    )
    lines = section(given.trunk).splitlines()
    assert {
        f"contact = {CARRIER}",
        "outbound_auth = trunk",
        "username = city",
        "password = s3cret",
        "from_user = 0281022",
    } <= set(lines)
    open_line = section(checked(HOTLINE_TRUNK=CARRIER, HOTLINE_TRUNK_ALLOW="115").trunk)
    assert "auth" not in open_line


@pytest.mark.parametrize(
    ("pattern", "number", "fits"),
    [
        ("115", "115", True),
        ("115", "1155", False),
        ("_11X", "114", True),
        ("_1ZN", "112", True),
        ("_1ZN", "102", False),
        ("_1ZN", "121", False),
        ("_0[35789]XXXXXXXX", "0901234567", True),
        ("_0[35789]XXXXXXXX", "0201234567", False),
        ("_0[35789]XXXXXXXX", "09012345678", False),
        ("_[1-3]X", "24", True),
        ("_+84.", "+84901", True),
        ("_+84.", "+84", False),
        ("_+84!", "+84", True),
        ("_+84.", "xx84901", False),
    ],
)
def test_patterns_are_asterisks(pattern: str, number: str, fits: bool) -> None:
    assert matches(pattern, number) is fits


def test_only_what_is_allowed_is_dialled() -> None:
    line = Trunk(to=CARRIER, allow=("115", "_09XXXXXXXX"))
    assert line.dials
    assert line.endpoint_for("115") == "PJSIP/115@trunk"
    assert line.endpoint_for("0901234567") == "PJSIP/0901234567@trunk"
    assert line.endpoint_for("0031201234567") is None
    nothing = Trunk(to="", allow=("115",))
    assert not nothing.dials
    assert nothing.endpoint_for("115") is None


@pytest.mark.parametrize(
    "number", ["115@evil.example", "115/n", "115&PJSIP/op101", "", "1", "*99", "115 ", "１１５"]
)
def test_what_is_no_number_is_never_dialled(number: str) -> None:
    assert Trunk(to="demo", allow=("_X.", "_.")).endpoint_for(number) is None


def test_the_demonstrations_exchange_and_the_phones_behind_it() -> None:
    demo = Trunk(to="demo", allow=("_X.", "_+X."))
    assert demo.endpoint_for("115") == "Local/115@exchange/n"
    for number in ("02000020001", "+842000020001"):  # as it is dialled, and as a caller's is kept
        assert demo.endpoint_for(number) == f"PJSIP/exchange/sip:{number}@127.0.0.1:20001"
    assert demo.endpoint_for("02000000080") is None
    assert demo.endpoint_for("02000099999") is None
    assert answer_pitch("115") == 800
