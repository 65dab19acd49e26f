"""What the programs say."""


def greeting(name: str) -> str:
    """For somebody."""
    return f"Hello from {name}!"
