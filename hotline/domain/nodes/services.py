"""Signs of life."""

from datetime import datetime

from hotline.domain.nodes.models import Heartbeat

_DETAIL = Heartbeat._meta.get_field("detail").max_length or 200


def beat(*, process: str, node: str, now: datetime, up: bool = True, detail: str = "") -> None:
    """``process`` lives on ``node``; ``up`` false with a ``detail`` says why it cannot work."""
    Heartbeat.objects.update_or_create(
        process=process, node=node, defaults={"at": now, "up": up, "detail": detail[:_DETAIL]}
    )
