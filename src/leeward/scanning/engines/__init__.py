"""Engines: processes of this machine (local.py) or a Dask cluster (cluster.py). Both yield a Done for every item."""
