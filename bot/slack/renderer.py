"""Makes messages of replies to deliveries, and keeps what was asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.commands.spec import Request
from bot.replies import Problem, Reply
from bot.slack.blocks import Asked, message_of
from bot.slack.elements import Message
from bot.slack.map_courier import MapCourier
from bot.slack.notes import Notes
from bot.slack.queue.delivery import Delivery
from index.space.latent.results import Map


@dataclass(frozen=True, eq=False)
class Renderer:
    """What people ask and are answered, as messages. Threads may share it."""

    notes: Notes
    maps: MapCourier
    prefix: str = ""

    def message(
        self,
        delivery: Delivery,
        request: Request | Problem | None,
        reply: Reply,
        asked: Asked,
        *,
        alone: bool,
    ) -> Message:
        """The reply as the message that will be seen; what was asked is kept, and the picture of a
        map is sent, to the asker `alone` or where they asked."""
        picture = ""
        if isinstance(reply, Map):
            where = (delivery.user, delivery.channel, delivery.thread)
            picture = self.maps.send(reply, *where, name=delivery.user_name, alone=alone)
        request = request if isinstance(request, Request) else None
        asked = replace(asked, request=request, prefix=self.prefix, picture=picture)
        return message_of(reply, replace(asked, question=self.notes.keep(delivery, request, reply)))
