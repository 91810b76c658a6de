"""`files.*`: an upload in three steps; the file appears some time after the last step.

https://docs.slack.dev/reference/methods/files.completeUploadExternal
"""

from functools import partial
from typing import Any

from tests.fake_slack import conversation
from tests.fake_slack.api_call import ApiCall, ApiError, invalid_arguments
from tests.fake_slack.core import Core
from tests.fake_slack.model import JSON, File
from tests.fake_slack.uploads import file_json


def get_upload_url(call: ApiCall) -> JSON:
    name = call.required("filename")
    if call.number("length", 0) <= 0:
        raise invalid_arguments("must be more than 0", "/length")
    core = call.core
    file = File(
        id=core.state.new_id("F"),
        name=name,
        title=name,
        user=core.identity.bot_user_id,
        alt_text=call.text("alt_txt"),
    )
    core.state.files[file.id] = file
    return {"upload_url": f"{core.base_url}/upload/v1/{file.id}", "file_id": file.id}


def complete_upload(call: ApiCall) -> JSON:
    """Post the files after Slack's delay; messages sent in the meantime appear first."""
    core = call.core
    entries = call.structure("files")
    if not isinstance(entries, list) or not entries:
        raise invalid_arguments("missing required field: files", "")
    files = [_uploaded(core, entry) for entry in entries]
    channel = call.channel("channel_id", must_join=True)
    thread_ts = call.text("thread_ts") or None
    if thread_ts and core.state.find(channel.id, thread_ts) is None:
        raise ApiError("invalid_thread_ts")
    for file, entry in zip(files, entries, strict=True):
        file.title = entry.get("title") or file.name
        file.completed = True
    fields: JSON = {"thread_ts": thread_ts, "subtype": "file_share"}
    fields["files"] = [file_json(core, file) for file in files]
    text = call.text("initial_comment")
    post = partial(conversation.post_as_bot, core, channel.id, text, [], **fields)
    core.call_later(core.settings.upload, post)
    return {"files": [{"id": f.id, "title": f.title} for f in files]}


def _uploaded(core: Core, entry: Any) -> File:
    file = core.state.files.get(entry.get("id", "")) if isinstance(entry, dict) else None
    if file is None or not file.uploaded:
        raise ApiError("file_not_found")
    return file
