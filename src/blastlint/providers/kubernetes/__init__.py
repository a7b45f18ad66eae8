"""Kubernetes: who may do what in a cluster, from its RBAC objects."""
