"""The queue: which case comes first, who gets it, filters, named views, and the supervisor's overview."""
