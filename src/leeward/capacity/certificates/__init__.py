"""Certificates of training, as Open Badges that other programs can verify."""
