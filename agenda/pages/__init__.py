"""The agenda's page: the grid and what refreshes it, the panel of a visit, the desk's forms."""
