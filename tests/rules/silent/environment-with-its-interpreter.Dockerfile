# The interpreter of an environment finds it wherever it lies; only the scripts beside it do not find the interpreter.
FROM python:3.14-slim-trixie AS build
RUN python -m venv /build/venv
COPY requirements.txt .
RUN /build/venv/bin/pip install --require-hashes -r requirements.txt

FROM python:3.14-slim-trixie
COPY --from=build /build/venv /app
USER 65532
CMD ["/app/bin/python", "-m", "server"]
