"""A server of one page."""

from flask import Flask

from greet import greeting

app = Flask(__name__)


@app.get("/")
def index():
    """Greets."""
    return greeting("shop")


@app.get("/healthz")
def health():
    """Says that all is well."""
    return "ok"
