"""Amazon Web Services: who may do what in its accounts."""
