"""`assistant.threads.*`: status and suggested prompts.

For an app with `agent_view`, setSuggestedPrompts with `thread_ts` silently does nothing.
https://docs.slack.dev/reference/methods/assistant.threads.setSuggestedPrompts
"""

from tests.fake_slack.api_call import ApiCall, ApiError, invalid_arguments
from tests.fake_slack.manifest import PROMPT_LIMIT
from tests.fake_slack.model import JSON


def set_status(call: ApiCall) -> JSON:
    channel = call.channel("channel_id", must_join=True)
    thread_ts = call.required("thread_ts")
    if call.core.state.find(channel.id, thread_ts) is None:
        raise ApiError("invalid_thread_ts")
    thread = call.core.state.threads[channel.id, thread_ts]
    thread.status = call.text("status")
    thread.status_expires = call.core.state.now() + call.core.settings.status
    return {}


def set_suggested_prompts(call: ApiCall) -> JSON:
    channel = call.channel("channel_id", must_join=True)
    prompts = call.structure("prompts")
    if not isinstance(prompts, list) or not 1 <= len(prompts) <= PROMPT_LIMIT:
        raise invalid_arguments("1 to 4 prompts", "/prompts")
    for index, prompt in enumerate(prompts):
        if not isinstance(prompt, dict) or not prompt.get("title") or not prompt.get("message"):
            raise invalid_arguments("a prompt needs title and message", f"/prompts/{index}")
    thread_ts = call.text("thread_ts")
    if call.core.app.agent and thread_ts:
        return {}
    call.core.state.threads[channel.id, thread_ts].prompts = prompts
    return {}
