# The action's image: one static program and the CA bundle, nothing else.
# Nothing here names an architecture: whatever machine builds it gets an image for itself.
FROM rust:1.95-slim-bookworm AS build
WORKDIR /src

# Dependencies first, in a layer of their own that only the manifests can invalidate. The test and
# bench targets are struck out because their files are not here yet.
COPY Cargo.toml Cargo.lock ./
COPY .ci/build .ci/
RUN sed -i -E '/^\[\[(test|bench)\]\]/,/^$/d' Cargo.toml \
 && mkdir src && touch src/lib.rs && echo 'fn main() {}' > src/main.rs \
 && .ci/build /dev/null \
 && rm -r src

COPY . .
# What `--version` says, if it is given; here, so that another commit leaves the layer above as it is.
ARG REVISION=unknown
ARG SOURCE_DATE_EPOCH
# The stubs above are younger than the sources in a fresh checkout; without a touch they would win.
# /tmp is for programs that ask the system for a temporary folder, which scratch has not.
RUN touch src/lib.rs src/main.rs \
 && mkdir -p /root-of-image/etc/ssl/certs && mkdir -m 1777 /root-of-image/tmp \
 && .ci/build /root-of-image/image-fallback-action \
 && cp -L /etc/ssl/certs/ca-certificates.crt /root-of-image/etc/ssl/certs/

FROM scratch
ARG VERSION=unreleased
ARG REVISION=unknown
LABEL org.opencontainers.image.title="image-fallback-action" \
      org.opencontainers.image.description="Gives every blog post a hero image through a chain of image providers that really falls back" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /root-of-image/ /
# No USER: the runner's workspace belongs to its own user, and a fixed one could not write there.
ENTRYPOINT ["/image-fallback-action"]
# An image whose program cannot start must not exist.
RUN ["/image-fallback-action", "--version"]
