"""The record of processing: what is kept about whom, why, for how long, and who gets it."""
