"""What keeps a running bot observable and bounded: logs, metrics, health, rate limits."""
