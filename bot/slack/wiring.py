"""Builds the handlers and listeners, and registers the listeners with the Bolt app."""

import time
from dataclasses import dataclass

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

from bot.assistant import Assistant
from bot.config import Settings
from bot.slack.client import web_client
from bot.slack.ephemeral import EphemeralNotices
from bot.slack.file_download import FileDownloader
from bot.slack.handlers.admin import AdminHandler, ImportHandler
from bot.slack.handlers.assistant_pane import AssistantPane
from bot.slack.handlers.command import CommandHandler
from bot.slack.handlers.conversation import ConversationHandler
from bot.slack.handlers.drafts import DraftStore
from bot.slack.handlers.editing import EditingHandler
from bot.slack.handlers.entry_form import EntryFormHandler
from bot.slack.handlers.feedback import FeedbackHandler
from bot.slack.handlers.learning import LearningHandler
from bot.slack.handlers.maps import MapHandler
from bot.slack.handlers.modals import ModalHandler
from bot.slack.handlers.renderer import Renderer
from bot.slack.handlers.reviews import ReviewHandler
from bot.slack.handlers.save_entry import SaveEntryHandler
from bot.slack.handlers.ways import WayHandler
from bot.slack.home import HomeHandler
from bot.slack.listeners.actions import ActionListeners
from bot.slack.listeners.commands import CommandListeners
from bot.slack.listeners.editing import EditListeners
from bot.slack.listeners.events import EventListeners
from bot.slack.listeners.views import ViewListeners
from bot.slack.middleware.external_users import ExternalUserMiddleware
from bot.slack.middleware.origin import OriginMiddleware, app_id
from bot.slack.queue.delivery import CONVERSATION_KINDS, Kind
from bot.slack.queue.inbox import Inbox
from bot.slack.queue.intake import Handler, Intake
from bot.slack.queue.worker_pool import WorkerPool
from bot.slack.roles import AdminDirectory
from bot.slack.thread_tracker import ThreadTracker
from bot.slack.threads import Threads


@dataclass(frozen=True, slots=True)
class ServiceParts:
    """The objects that `wire` builds and the service needs."""

    intake: Intake
    admins: AdminDirectory
    live: EditingHandler
    attention: ThreadTracker


def wire(
    app: App,
    who: AuthorizeResult,
    settings: Settings,
    assistant: Assistant,
    inbox: Inbox,
    work: WorkerPool,
) -> ServiceParts:
    """Build the handlers and listeners, and register middleware and listeners with `app`."""
    prefix = settings.command_prefix
    bot = web_client(settings)
    readers = assistant.readers = settings.reader_rules
    by_role = settings.workspace_admins
    admins = AdminDirectory(settings.admins, bot, readers, workspace_admins=by_role)
    notices = EphemeralNotices(web_client(settings, 5))
    app.use(OriginMiddleware(who, app_id(settings), settings.slack_api_url).screen)
    app.use(ExternalUserMiddleware(who, settings.external_users, notices, work, prefix).screen)

    log, editing = assistant.question_log, assistant.administration.editing
    learning = LearningHandler(editing.learner, log, work) if settings.learn else None
    renderer = Renderer(log, MapHandler(bot), prefix, learning is not None)
    places = renderer.places
    places.careful = bool(settings.readers)
    if "channels:read" in (who.bot_scopes or ()):
        places.client = web_client(settings, 5, once=True)
    votes = FeedbackHandler(log, inbox, bot, notices, learning)
    suggestions = editing.suggestions
    reviews = ReviewHandler(suggestions, bot, settings.review_channel, admins, prefix)
    live = EditingHandler(assistant, inbox, bot, reviews, prefix)
    suggestions.notify, suggestions.notify_withdrawn = reviews.post, reviews.show_withdrawn
    assistant.administration.notify_held = reviews.tell
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
    downloads = FileDownloader(token, settings.slack_api_url)
    imports = ImportHandler(assistant, inbox, bot, admins, downloads, prefix)
    ways = WayHandler(assistant, inbox, bot, prefix)
    admin_handlers = (imports, AdminHandler(assistant, bot, prefix, inbox), live, ways)
    commands = CommandHandler(assistant, inbox, bot, admins, renderer, admin_handlers)
    # No automatic retries: before a retry, the handler checks whether the answer has arrived.
    once = web_client(settings, once=True)
    shared, now = assistant.store.is_shared, time.time()
    threads = Threads(once, who.bot_user_id or "", who.bot_scopes, shared=shared)
    # A short timeout, since status messages are optional.
    agent = AssistantPane(assistant, web_client(settings, 2))
    conversations = ConversationHandler(assistant, inbox, threads, renderer, agent, notices, admins)
    handlers: dict[Kind, Handler] = {
        **dict.fromkeys(CONVERSATION_KINDS, conversations.answer),
        **dict.fromkeys(("command", "action"), commands.answer),
        "upload": imports.take,
        "publication": live.resume,
        "vote": votes.answer,
    }
    intake = Intake(inbox, work, handlers)

    patient = web_client(settings, patient=True)
    modals = ModalHandler(assistant, patient, work, renderer, votes, admins, prefix)
    drafts = DraftStore(assistant.store, work)
    forms = EntryFormHandler(editing, assistant.store, drafts, prefix)
    saves = SaveEntryHandler(editing, assistant.store, drafts, live, prefix)
    edits = EditListeners(work, modals, forms, saves)
    home = HomeHandler(assistant, bot, admins, prefix)
    views = ViewListeners(work, modals, home, agent, prefix, learning)
    attention = ThreadTracker(threads, assistant.names_entry, now, shared=shared)
    listeners = (  # Bolt matches in this order; commands are the most frequent
        CommandListeners(intake, edits, prefix),
        views,
        edits,
        EventListeners(intake, attention, views, places, conversations.busy, settings.threads),
        ActionListeners(intake, views, prefix),
    )
    for listener in listeners:
        listener.register(app)
    return ServiceParts(intake, admins, live, attention)
