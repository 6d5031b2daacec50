"""Figures: counted each night, the same on page, in files and for programs; published so that a solver can't undo it."""
