"""Getting in and staying in (S01, S28, R-98): ETF's own hooks into allauth, lock-out, idle limit, single sign-on."""
