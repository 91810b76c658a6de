"""Runs the migrations on the connection that `index.store.ledger.schema` gives."""

from alembic import context

from index.store.ledger.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
