from flask import Flask

app = Flask(__name__)


@app.get("/")
def index() -> str:
    return "Olá, Multistage Build com Python!"


@app.get("/healthz")
def healthz() -> str:
    return "ok"
