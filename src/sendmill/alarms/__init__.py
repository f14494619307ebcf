"""What is wrong in an account: raised once, and cleared when it is well again."""
