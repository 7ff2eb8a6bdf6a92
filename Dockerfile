# The bot alone: Postgres runs beside it, named by DATABASE_URL (compose.yaml shows how).

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
ARG VERSION=dev
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags="-s -w -X main.version=${VERSION}" -o /callout .

# Alpine rather than an empty image: it brings certificate authorities, and wget for the health check.
FROM alpine:3.22
RUN addgroup -g 10001 callout \
 && adduser -u 10001 -G callout -h /data -D callout
COPY --from=build /callout /usr/local/bin/callout
# Certificates of CALLOUT_TLS_DOMAIN are kept here.
ENV CALLOUT_DATA_DIR=/data
VOLUME /data
USER callout
EXPOSE 8080
# Alive, not ready: while Postgres is away the bot goes on answering, and restarting it would not help.
# Whoever changes CALLOUT_ADDR must change this too.
HEALTHCHECK --interval=30s --timeout=3s --start-period=40s --retries=3 \
    CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/healthz"]
ENTRYPOINT ["callout"]
CMD ["serve"]
