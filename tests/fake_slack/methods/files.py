"""`files.*`: an upload in three steps; the file appears some time after the last step.

https://docs.slack.dev/reference/methods/files.completeUploadExternal
"""

from typing import Any

from tests.fake_slack.api_call import ApiCall, ApiError, invalid_arguments
from tests.fake_slack.core import Core
from tests.fake_slack.model import JSON, Channel, File
from tests.fake_slack.uploads import PendingUpload, finish_later


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
    core = call.core
    entries = call.structure("files")
    if not isinstance(entries, list) or not entries:
        raise invalid_arguments("missing required field: files", "")
    files = [_uploaded(core, entry) for entry in entries]
    channels = _channels(call)
    thread_ts = call.text("thread_ts") or None
    if thread_ts and any(core.state.find(c.id, thread_ts) is None for c in channels):
        raise ApiError("invalid_thread_ts")
    for file, entry in zip(files, entries, strict=True):
        file.title = entry.get("title") or file.name
        file.completed = True
    if channels:
        finish_later(core, PendingUpload(files, channels, thread_ts, call.text("initial_comment")))
    return {"files": [{"id": f.id, "title": f.title} for f in files]}


def _uploaded(core: Core, entry: Any) -> File:
    file = core.state.files.get(entry.get("id", "")) if isinstance(entry, dict) else None
    if file is None or not file.uploaded:
        raise ApiError("file_not_found")
    return file


def _channels(call: ApiCall) -> list[Channel]:
    named = [call.text("channel_id"), *call.text("channels").split(",")]
    found = []
    for channel_id in dict.fromkeys(filter(None, named)):
        channel = call.core.state.channels.get(channel_id)
        if channel is None or (channel.kind != "channel" and not call.core.bot_is_in(channel)):
            raise ApiError("channel_not_found")
        if not call.core.bot_is_in(channel):
            raise ApiError("not_in_channel")
        found.append(channel)
    return found
