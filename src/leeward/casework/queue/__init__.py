"""The queue: which case comes first, who gets it, what narrows a list, named views, the supervisor's overview."""
