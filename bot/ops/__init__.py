"""Operations: logs, metrics, health and rate limits."""
