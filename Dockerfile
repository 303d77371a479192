# syntax=docker/dockerfile:1

FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
# What `entangle version` says: VERSION, else what git knows of the files here. Those that
# .dockerignore keeps out are no changes. The .git of a worktree leads nowhere from here.
ARG VERSION=
# No cgo: the SQLite driver is Go, and the image below has no C library.
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    [ -d .git ] || rm -f .git; \
    if [ -z "$VERSION" ] && [ -d .git ]; then \
        git ls-files --deleted -z | git update-index --skip-worktree -z --stdin; \
        VERSION=$(git describe --tags --always --dirty); \
    fi; \
    CGO_ENABLED=0 go build -tags nomsgpack -trimpath -buildvcs=auto \
        -ldflags="-s -w -X main.version=$VERSION" -o /out/entangle ./cmd/entangle
# A place for the embedded store that the service's user may write to.
RUN mkdir -p /out/data

FROM busybox:1.37.0-musl AS busybox

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/entangle /entangle
COPY --from=build --chown=65532:65532 /out/data /data
# For the health check of docker-compose.yml; the image has no shell.
COPY --from=busybox /bin/busybox /bin/wget
USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/entangle"]
CMD ["serve", "--listen", "0.0.0.0:8080", "--insecure"]
