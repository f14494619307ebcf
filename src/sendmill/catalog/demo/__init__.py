"""The account, resources and sample files of the demo."""
