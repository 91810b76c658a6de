"""Run the migrations on the connection that `index.storage.db.migrate` passes in."""

from alembic import context

from index.storage.db.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
