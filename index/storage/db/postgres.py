"""Connections to PostgreSQL, with limits so that no one of them holds up the others for ever."""

from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text

CONNECTIONS = 15  # of one `Database`
KEPT_OPEN = 5  # of them
# In seconds: to connect, and to detect a lost host.
TIMEOUTS = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
STATEMENT_TIMEOUT_S = 60
LOCK_TIMEOUT_S = 10  # to wait for a row or table that another transaction has locked
IDLE_TIMEOUT_S = 60  # in a transaction, after which PostgreSQL closes the connection


def engine(url: URL, connections: int, idle_s: int) -> Engine:
    """Return an engine with at most `connections`. PostgreSQL ends a statement, or the wait for a
    lock, after the limits above, and a transaction that is idle for `idle_s` seconds."""
    made = create_engine(
        url,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args=TIMEOUTS,
        pool_size=min(KEPT_OPEN, connections),
        max_overflow=max(0, connections - KEPT_OPEN),
    )
    limits = {
        "statement_timeout": STATEMENT_TIMEOUT_S,
        "lock_timeout": LOCK_TIMEOUT_S,
        "idle_in_transaction_session_timeout": idle_s,
    }

    @event.listens_for(made, "connect")
    def _limit(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("; ".join(f"SET {name} = '{s}s'" for name, s in limits.items()))
        connection.commit()

    return made


def lift_limits(connection: Connection) -> None:
    """Let the transaction of a connection take as long as it needs."""
    for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(text(f"SET LOCAL {name} = 0"))
