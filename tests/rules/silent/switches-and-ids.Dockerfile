# Names like those of secrets, with values that are none; packages by a variable of the script.
FROM debian:trixie-slim
ENV TOOL_KEY_IDS="0x12345678" \
    TOOL_KEY_WARNINGS=1 \
    TOOL_API_KEY=no
RUN set -e \
    && needed='ca-certificates curl' \
    && apt-get update \
    && apt-get install -y --no-install-recommends $needed \
    && rm -rf /var/lib/apt/lists/* \
    && curl -fsSL -o /data.txt https://example.com/data.txt
USER 65532
CMD ["sleep", "infinity"]
