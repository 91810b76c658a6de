"""The queue of deliveries: inbox, worker pool and retries."""
