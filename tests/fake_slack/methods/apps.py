"""`auth.test`, `apps.connections.open`, `users.info`."""

from tests.fake_slack.api_call import ApiCall, ApiError
from tests.fake_slack.model import JSON


def auth_test(call: ApiCall) -> JSON:
    identity = call.core.identity
    if call.scopes == call.core.app.app_scopes:
        return {"app_name": call.core.app.bot_name, "app_id": identity.app_id}
    return {
        "url": f"https://{identity.domain}.slack.com/",
        "team": identity.team_name,
        "user": call.core.user(identity.bot_user_id).name,
        "team_id": identity.team_id,
        "user_id": identity.bot_user_id,
        "bot_id": identity.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(call: ApiCall) -> JSON:
    if call.core.mode != "socket":
        raise ApiError("socket_mode_not_enabled")
    return {"url": call.hub.new_url()}


def users_info(call: ApiCall) -> JSON:
    user = call.core.state.users.get(call.required("user"))
    if user is None:
        raise ApiError("user_not_found")
    return {"user": user.to_json()}


def usergroups_users_list(call: ApiCall) -> JSON:
    group = call.core.usergroups.get(call.required("usergroup"))
    if group is None:
        raise ApiError("no_such_subteam")
    return {"users": group}
