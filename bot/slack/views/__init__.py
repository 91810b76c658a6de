"""Modals and the forms in them."""
