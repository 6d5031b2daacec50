"""What follows from answers and measurements. Pure."""
