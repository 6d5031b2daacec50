"""Signing in: how allauth behaves here, devices, attempts, sealed second factors, what the log keeps."""
