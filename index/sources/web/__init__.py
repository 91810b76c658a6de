"""Fetch glossaries from web addresses whose hosts are allowed, and keep copies of them."""
