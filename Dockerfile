# syntax=docker/dockerfile:1
# The image of Rollcall: `docker build -t rollcall .`

FROM node:26-bookworm-slim AS build
WORKDIR /opt/rollcall
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN node node_modules/typescript/bin/tsc -p tsconfig.build.json \
 && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
 && npm sbom --omit=dev --package-lock-only --sbom-format=cyclonedx > sbom.cdx.json \
 && rm -rf src tsconfig.json tsconfig.build.json
COPY bin ./bin
COPY schema ./schema
COPY examples ./examples
COPY LICENSE NOTICE ./
COPY campaigns ./examples/campaigns
COPY container/rollcall-init ./container/rollcall-init
# What Node makes of the code is kept beside it, so that no start has to make it again: by the user that will run it, since Node has a
# folder for each; who then may not write it.
COPY container/warm-up.mjs ./container/warm-up.mjs
RUN install -d -o 65532 -g 65532 compile-cache \
 && setpriv --reuid 65532 --regid 65532 --clear-groups \
      env HOME=/nonexistent NODE_COMPILE_CACHE=/opt/rollcall/compile-cache node container/warm-up.mjs \
 && chown -R 0:0 compile-cache && chmod -R a+rX compile-cache && rm container/warm-up.mjs

FROM node:26-bookworm-slim
LABEL org.opencontainers.image.title="Rollcall" \
      org.opencontainers.image.description="GitOps for calling campaigns" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates git gpg openssh-client \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/* /var/log/apt /var/log/dpkg.log \
 && groupadd --gid 65532 rollcall \
 && useradd --uid 65532 --gid 65532 --home-dir /var/lib/rollcall --shell /usr/sbin/nologin rollcall \
 && install -d -o 65532 -g 65532 -m 0750 /var/lib/rollcall
COPY --from=build /opt/rollcall /opt/rollcall
RUN ln -s /opt/rollcall/bin/rollcall.js /usr/local/bin/rollcall
ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/opt/rollcall/compile-cache \
    HOME=/var/lib/rollcall \
    XDG_CACHE_HOME=/var/lib/rollcall/cache
WORKDIR /var/lib/rollcall
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/opt/rollcall/container/rollcall-init", "rollcall"]
CMD ["run", "--config", "/etc/rollcall/rollcall.yaml"]
