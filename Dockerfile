# The image has a static binary and nearly nothing else. Time zones, areas, texts
# and schema are in the binary.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags="-s -w" -o /server ./server

FROM scratch
# Google and most MongoDB hosts are reached over TLS.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /server /server
# The user is a number, so that Kubernetes can see that it is not root.
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/server"]
# The default address is 127.0.0.1, which nobody outside the container reaches. Without the
# variables of production the server refuses this one: see -allow-unsafe-development.
CMD ["-addr", "0.0.0.0:8080"]
