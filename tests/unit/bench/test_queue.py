"""The figures of ``bench queue``: what is read of SIPp's logs, and what is worked out."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench import queue, sipp
from bench.operators import Account, Rang, read_rings
from bench.ringing import Offered, free_to_ring
from bench.timeline import Timeline

LOG = """\
rang 1-7@127.0.0.1 op1000 2026-11-23 09:00:01.500000 1795424401.500000
rang 2-7@127.0.0.1 op1001 2026-11-23 09:00:01.750000 1795424401.750000
answered 1-7@127.0.0.1 2026-11-23 09:00:02.500000 1795424402.500000
ended 1-7@127.0.0.1 2026-11-23 09:00:12.500000 1795424412.500000
ended 9-7@127.0.0.1 2026-11-23 09:00:12.600000 1795424412.600000
2026-11-23 the rest of a line that is no event
"""


def test_each_ring_is_read_with_what_became_of_it() -> None:
    assert read_rings(LOG) == [
        Rang("op1000", 1795424401.5, 1795424402.5, 1795424412.5),
        Rang("op1001", 1795424401.75, None, None),
    ]


def rang(extension: str, at: float) -> Rang:
    return Rang(extension, at, at + 1, at + 11)


def test_an_operator_is_reached_when_the_phone_rings_and_not_when_the_queue_says_so() -> None:
    offers = [Offered("op1", 10.0, 10.02), Offered("op2", 11.0, 11.01), Offered("op1", 30.0, 30.5)]
    rung = [rang("op2", 11.1), rang("op1", 10.05), rang("op1", 30.75)]
    assert free_to_ring(offers, rung) == pytest.approx([0.05, 0.1, 0.75])


def test_a_phone_that_did_not_ring_gets_no_ring_of_another_offer() -> None:
    offers = [Offered("op1", 10.0, 10.02), Offered("op1", 30.0, 30.01), Offered("op2", 5.0, 5.1)]
    rung = [rang("op1", 9.0), rang("op1", 30.06)]
    assert free_to_ring(offers, rung) == pytest.approx([0.06])


@pytest.mark.parametrize(
    ("answered_at", "ended_at", "talked"),
    [(1.0, 11.0, True), (1.0, 10.6, True), (1.0, 10.4, False), (None, 11.0, False)],
)
def test_who_hangs_up_early_was_not_served(
    answered_at: float | None, ended_at: float, talked: bool
) -> None:
    assert queue._talked(Rang("op1", 0.0, answered_at, ended_at)) is talked


def calls_of(lengths: Sequence[float | None]) -> list[sipp.Dialled]:
    return [
        sipp.Dialled(
            number=sipp.number_of(index),
            dialled_at=0.0,
            answered_at=1.0,
            ended_at=None if length is None else 1.0 + length,
        )
        for index, length in enumerate(lengths)
    ]


@pytest.mark.parametrize(
    ("lengths", "served", "held"),
    [
        ((12.0, 12.5, 17.9), 3, True),
        ((12.0, 12.5, 18.1), 3, False),  # somebody waited although enough are there
        ((12.0, 12.5, 10.9), 3, False),  # the line broke off
        ((12.0, 12.5, 12.5), 2, False),  # the queue knows of two talks
        ((12.0, 12.5, None), 3, False),
    ],
)
def test_a_rate_is_held_if_everybody_spoke_with_somebody_soon(
    lengths: Sequence[float | None], served: int, held: bool
) -> None:
    assert queue._run(5.0, calls_of(lengths), served, {}, {}).held is held


def test_what_sipp_spends_is_told_apart_from_what_is_measured() -> None:
    run = queue._run(
        5.0, calls_of((12.0, 12.0)), 2, {"asterisk": 4.0}, {"callers": 0.01, "phones": 0.003}
    )
    assert run.cpu_ms == {"asterisk": 4.0}
    assert run.sipp_ms == {"callers": 5.0, "phones": 1.5}


def test_asterisks_own_queue_has_the_same_operators() -> None:
    accounts = [Account("op1000", "secret"), Account("op1001", "secret")]
    members = [line for line in queue._queues(accounts).splitlines() if "member" in line]
    assert members[-2:] == ["member => PJSIP/op1000", "member => PJSIP/op1001"]
    endpoints = queue._endpoints(accounts, 13600)
    assert endpoints.count("type = endpoint") == endpoints.count("type = aor") == 2
    assert "contact = sip:op1001@127.0.0.1:13600" in endpoints


def test_what_the_callers_sipp_spent_is_known_once_it_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = tmp_path / "sipp"
    busy.write_text(
        f"#!{sys.executable}\nimport time\nwhile time.process_time() < 0.3: pass\n"
        "open('calls.log', 'w').close()\n"
    )
    busy.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    subprocess.run([busy], cwd=tmp_path, check=True)  # spent by another child, before
    scenario = sipp.write_scenario(Timeline(ends_s=0.1), tmp_path / "callers")
    load = sipp.Load(target=5060, dialled="1022", rate=1.0, count=1, first=0, ports=9000)
    callers = sipp.Callers(scenario, load)
    try:
        assert callers.wait(within_s=10) == []
    finally:
        callers.stop()
    assert 0.3 <= callers.cpu_s < 0.55
