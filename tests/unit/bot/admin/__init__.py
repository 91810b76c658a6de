"""Users for tests of the admin commands."""

from bot.identity import User

ADA = User("U1", admin=True, name="ada")
CLEO = User("U3", name="cleo")
