"""Signing in: configuration of allauth, known devices, rate limits, sealed second factors, and logging."""
