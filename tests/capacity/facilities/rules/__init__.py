"""Tests of facilities, equipment and contacts."""
