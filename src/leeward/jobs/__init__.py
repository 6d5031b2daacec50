"""What the system still has to do: durable rows with a due time, a lease and a number of tries."""
