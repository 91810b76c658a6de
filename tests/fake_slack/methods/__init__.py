"""The Web API methods by group. Each takes an `ApiCall` and returns the response without `ok`, or
raises `ApiError`; it runs under the state's lock."""

from collections.abc import Callable

from tests.fake_slack.api_call import ApiCall
from tests.fake_slack.methods import apps, assistant, chat, conversations, files, views
from tests.fake_slack.model import JSON

METHODS: dict[str, Callable[[ApiCall], JSON]] = {
    "apps.connections.open": apps.connections_open,
    "assistant.threads.setStatus": assistant.set_status,
    "assistant.threads.setSuggestedPrompts": assistant.set_suggested_prompts,
    "auth.test": apps.auth_test,
    "chat.delete": chat.delete,
    "chat.postEphemeral": chat.post_ephemeral,
    "chat.postMessage": chat.post_message,
    "chat.update": chat.update,
    "conversations.history": conversations.history,
    "conversations.info": conversations.info,
    "conversations.replies": conversations.replies,
    "files.completeUploadExternal": files.complete_upload,
    "files.getUploadURLExternal": files.get_upload_url,
    "usergroups.users.list": apps.usergroups_users_list,
    "users.info": apps.users_info,
    "views.open": views.open_view,
    "views.publish": views.publish,
    "views.push": views.push,
    "views.update": views.update,
}
