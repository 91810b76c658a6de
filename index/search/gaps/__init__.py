"""Questions that found nothing, grouped by meaning."""
