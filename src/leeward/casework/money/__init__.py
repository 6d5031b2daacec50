"""Following the money: who is paid at the places and in the reports of cases, and which other cases name the same."""
