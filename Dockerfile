# The service alone; its PostgreSQL is another container (docker-compose.yml) or yours.

FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        g++ libcurl4-openssl-dev libedit-dev libhiredis-dev libpq-dev libsimdjson-dev libsqlite3-dev \
        libzstd-dev pkg-config zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
# The dependencies change less often than the sources, so they are a layer of their own.
COPY Package.swift Package.resolved* ./
RUN swift package resolve
COPY migrations migrations
COPY Benchmarks Benchmarks
COPY Examples Examples
COPY Sources Sources
COPY Tests Tests
RUN swift build -c release --product tally --static-swift-stdlib \
        --explicit-target-dependency-import-check error \
    && mkdir /app \
    && cp -r "$(swift build -c release --show-bin-path)/tally" \
        "$(swift build -c release --show-bin-path)/tallystick_Vocabularies.resources" /app/

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        ca-certificates curl libcurl4 libedit2 libhiredis0.14 libpq5 libsimdjson14 libsqlite3-0 libstdc++6 \
        libzstd1 tzdata zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --user-group --home-dir /var/lib/tally --create-home tally
COPY --from=build /app /app
# A library that is missing here is found now rather than at the first start.
RUN ! ldd /app/tally | grep "not found"
USER tally
WORKDIR /app
ENV TALLY_LISTEN=0.0.0.0:8080 \
    TALLY_DATA_DIR=/var/lib/tally
VOLUME /var/lib/tally
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD curl --fail --silent --output /dev/null http://127.0.0.1:8080/healthz
STOPSIGNAL SIGTERM
ENTRYPOINT ["/app/tally"]
CMD ["serve"]
