"""PostgreSQL: what every role of a server may do, from dumps and tables of grants."""
