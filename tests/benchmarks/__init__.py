"""Measurements that are looked at, and no tests."""
