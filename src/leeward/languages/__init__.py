"""Translations of all pages: catalogues, corrections by native speakers, and who has reviewed a language."""
