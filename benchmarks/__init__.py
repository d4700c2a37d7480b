"""Measurements that take longer than a test may: speed, memory, recovery."""
