"""Puts together what works off what Slack delivers, with clients of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

from bot.assistant import Desk
from bot.config import Settings
from bot.slack.client import web_client
from bot.slack.ephemeral import Whispers
from bot.slack.file_download import Downloads
from bot.slack.handlers.admin import AdminCourier, ImportCourier
from bot.slack.handlers.assistant_pane import Agent
from bot.slack.handlers.command import Courier
from bot.slack.handlers.conversation import ThreadCourier
from bot.slack.handlers.drafts import DraftKeeper
from bot.slack.handlers.editing import EditCourier, LiveCourier
from bot.slack.handlers.entry_form import FormCourier
from bot.slack.handlers.feedback import VoteCourier
from bot.slack.handlers.maps import MapCourier
from bot.slack.handlers.modals import ModalCourier
from bot.slack.handlers.renderer import Renderer
from bot.slack.handlers.reviews import ReviewCourier
from bot.slack.handlers.save_entry import SaveCourier
from bot.slack.home import HomeCourier
from bot.slack.listeners.actions import ActionListeners
from bot.slack.listeners.commands import CommandListeners
from bot.slack.listeners.editing import EditListeners
from bot.slack.listeners.events import EventListeners
from bot.slack.listeners.views import ViewListeners
from bot.slack.middleware.external_users import Door
from bot.slack.queue.delivery import Delivery, Kind
from bot.slack.queue.inbox import Inbox
from bot.slack.queue.intake import Intake
from bot.slack.queue.worker_pool import Work
from bot.slack.roles import Admins
from bot.slack.thread_tracker import Attention
from bot.slack.threads import Threads


@dataclass(frozen=True, slots=True)
class Wired:
    """What the service still needs once the listeners are bound to the app."""

    intake: Intake
    admins: Admins
    live: LiveCourier
    attention: Attention

    def stop(self) -> None:
        self.live.stop()
        self.attention.stop()


def wire(
    app: App, who: AuthorizeResult, settings: Settings, desk: Desk, inbox: Inbox, work: Work
) -> Wired:
    """Binds to `app` everything that listens and answers."""
    prefix = settings.command_prefix
    bot = web_client(settings)
    admins = Admins(settings.admins, bot if settings.workspace_admins else None)
    whispers = Whispers(web_client(settings, 5))
    app.use(Door(who, settings.external_users, whispers, work, prefix).screen)

    renderer = Renderer(desk.memory, MapCourier(bot), prefix)
    votes = VoteCourier(desk.memory, inbox, bot)
    suggestions = desk.editing.suggestions
    reviews = ReviewCourier(suggestions, bot, settings.review_channel, admins, prefix)
    live = LiveCourier(bot, desk.store, reviews, prefix)
    suggestions.tell = reviews.post
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
    downloads = Downloads(token, settings.slack_api_url)
    imports = ImportCourier(desk, inbox, bot, admins, downloads, prefix)
    own_ways = (
        imports,
        AdminCourier(desk, bot, prefix, inbox),
        EditCourier(desk, inbox, live, prefix),
    )
    commands = Courier(desk, inbox, bot, admins, renderer, own_ways)
    # An answer that may have arrived is looked for before it is sent again, so nothing else may
    # send it again.
    threads = Threads(web_client(settings, once=True), who.bot_user_id or "")
    # Nothing waits long for what is only said by the way.
    agent = Agent(desk, web_client(settings, 2))
    said = ThreadCourier(desk, inbox, threads, renderer, agent, whispers)
    couriers: dict[Kind, Callable[[Delivery], object]] = {
        **dict.fromkeys(("question", "reply", "edit", "deletion"), said.answer),
        **dict.fromkeys(("command", "action"), commands.answer),
        "upload": imports.take,
        "vote": votes.answer,
    }
    intake = Intake(inbox, work, couriers, prefix)

    modals = ModalCourier(desk, web_client(settings, patient=True), work, renderer, votes, prefix)
    drafts = DraftKeeper(desk.store, work)
    forms = FormCourier(desk.editing, desk.store, drafts)
    saves = SaveCourier(desk.editing, desk.store, drafts, live)
    editing = EditListeners(work, modals, forms, saves, admins)
    home = HomeCourier(desk, bot, admins)
    views = ViewListeners(work, modals, home, agent, admins, prefix)
    attention = Attention(threads, desk.names_entry, time.time(), shared=desk.store.is_shared)
    listeners = (  # Bolt asks them in this order, and commands come most
        CommandListeners(intake, editing, prefix),
        views,
        editing,
        EventListeners(intake, attention, views, renderer.places, said.busy, settings.threads),
        ActionListeners(intake, work, views, prefix),
    )
    for listener in listeners:
        listener.register(app)
    return Wired(intake, admins, live, attention)
