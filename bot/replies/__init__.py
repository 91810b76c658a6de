"""What an answer can be, as data: one module for each part of the bot."""
