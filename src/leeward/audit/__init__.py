"""Append-only, hash-chained, signed record of every act."""
